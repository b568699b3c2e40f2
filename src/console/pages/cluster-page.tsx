/** The cluster at a glance: what it has and who holds it. */
import { percent, pools, readable, roleShares } from '../amounts.ts';
import type { PageProps } from './page.ts';

export function ClusterPage({ cluster: { model, roles } }: PageProps) {
  const pooled = pools(model.agents.values());
  const shares = roleShares(roles, new Map(pooled.map(({ name, total }) => [name, total])));
  const running = [...model.tasks.values()].filter(({ state }) => state === 'TASK_RUNNING').length;
  return (
    <>
      <dl class="figures">
        <Figure name="Agents" value={model.agents.size} />
        <Figure name="Frameworks" value={model.frameworks.size} />
        <Figure name="Running tasks" value={running} />
        <Figure name="Roles" value={shares.length} />
      </dl>
      <h2>Resources</h2>
      {pooled.length === 0 && <p class="note">No agent has registered.</p>}
      <div class="pools">
        {pooled.map(({ name, total, used, offered, reserved }) => (
          <section class="pool" key={name} aria-label={name}>
            <h3>
              {name} <span>{readable(name, total)}</span>
            </h3>
            <div class="bar" aria-hidden="true">
              <i class="used" style={{ width: length(used / total) }} />
              <i class="offered" style={{ width: length(offered / total) }} />
            </div>
            <dl>
              <Amount kind="used" value={readable(name, used)} />
              <Amount kind="offered" value={readable(name, offered)} />
              <Amount kind="free" value={readable(name, Math.max(0, total - used - offered))} />
              <Amount kind="reserved" value={readable(name, reserved)} />
            </dl>
          </section>
        ))}
      </div>
      <h2>Roles</h2>
      <p class="note">
        Share: of the resource that the role holds most of. The mark is its entitlement by weight among the
        roles beside it that have frameworks.
      </p>
      {shares.length === 0 ? (
        <p class="note">No framework has come yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section class="scroll" aria-label="Shares of roles" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Role</th>
                <th scope="col">Weight</th>
                <th scope="col">Frameworks</th>
                <th scope="col">Share</th>
                <th scope="col">Entitlement</th>
                <th scope="col">Of</th>
                <th scope="col" class="wide">
                  Share against entitlement
                </th>
              </tr>
            </thead>
            <tbody>
              {shares.map(({ role, weight, frameworks, share, dominant, entitlement }) => (
                <tr key={role}>
                  <th scope="row">{role}</th>
                  <td>{weight}</td>
                  <td>{frameworks}</td>
                  <td>{percent(share)}</td>
                  <td>{entitlement === null ? '–' : percent(entitlement)}</td>
                  <td>{dominant ?? '–'}</td>
                  <td>
                    <div class="bar" aria-hidden="true">
                      <i class="used" style={{ width: length(share) }} />
                      {entitlement !== null && <b style={{ left: length(entitlement) }} />}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

/** Of a share, in CSS: at most the whole. */
const length = (share: number): string => `${Math.min(1, share) * 100}%`;

function Figure({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value.toLocaleString('en')}</dd>
    </div>
  );
}

function Amount({ kind, value }: { readonly kind: string; readonly value: string }) {
  return (
    <div>
      <dt class={`key ${kind}`}>{kind}</dt>
      <dd>{value}</dd>
    </div>
  );
}
