/** Roles as a tree: what each holds, its weight and its quota, which those who may can change. */
import { useEffect, useState } from 'preact/hooks';
import type { QuotaConfig } from '../../protocol/v1/quota.ts';
import { percent, pools, type RoleShare, readable, roleShares } from '../amounts.ts';
import { ask } from '../operator-client.ts';
import { Action } from './action.tsx';
import type { PageProps } from './page.ts';

/** Of which quota is given in the form; others are kept as they are. */
const QUOTA_RESOURCES = ['cpus', 'mem', 'disk', 'gpus'] as const;
const REFRESH_MS = 2000;

export function RolesPage({ cluster: { model, roles, connection }, session }: PageProps) {
  const [quotas, setQuotas] = useState<ReadonlyMap<string, QuotaConfig>>(new Map());
  const load = async () => {
    const { get_quota } = await ask({ type: 'GET_QUOTA' });
    setQuotas(new Map((get_quota?.status.configs ?? []).map((config) => [config.role, config])));
  };
  useEffect(() => {
    if (connection !== 'live') return;
    // The connection's state tells of a break.
    const again = () => load().catch(() => {});
    again();
    const timer = setInterval(again, REFRESH_MS);
    return () => clearInterval(timer);
  }, [connection]);
  const pooled = pools(model.agents.values());
  const shares = roleShares(roles, new Map(pooled.map(({ name, total }) => [name, total])));
  const known = new Set(shares.map(({ role }) => role));
  const rows: readonly RoleShare[] = [
    ...shares,
    ...[...quotas.keys()]
      .filter((role) => !known.has(role))
      .map((role) => ({ role, weight: 1, frameworks: 0, share: 0, dominant: null, entitlement: null })),
  ].sort((a, b) => (a.role < b.role ? -1 : 1));
  return (
    <>
      <p class="note">
        A guarantee is kept free for a role; a limit is the most that it may hold, with all roles below it.
        Amounts of memory and disk are MiB.
      </p>
      <p class="buttons">
        <Action
          session={session}
          label="Give quota"
          question="A role need not be there yet. Empty: no guarantee, no limit."
          act={(form) => updateQuota(String(form.get('role')), form, undefined).then(load)}
        >
          <label>
            Role
            <input name="role" required pattern="[^ ]+" />
          </label>
          <QuotaFields config={undefined} />
        </Action>
      </p>
      {rows.length === 0 ? (
        <p class="note">No role is in use, and none has quota.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section class="scroll" aria-label="Roles" tabIndex={0}>
          <table>
            <thead>
              <tr>
                {['Role', 'Weight', 'Frameworks', 'Share', 'Entitlement', 'Guarantee', 'Limit', ''].map(
                  (title) => (
                    <th scope="col" key={title}>
                      {title || <span class="hidden">Change</span>}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ role, weight, frameworks, share, entitlement }) => {
                const config = quotas.get(role);
                return (
                  <tr key={role}>
                    <th scope="row" style={{ paddingLeft: `${1.2 * (role.split('/').length - 1)}rem` }}>
                      {role}
                    </th>
                    <td>{weight}</td>
                    <td>{frameworks}</td>
                    <td>{percent(share)}</td>
                    <td>{entitlement === null ? '–' : percent(entitlement)}</td>
                    <td>{amountsOf(config?.guarantees)}</td>
                    <td>{amountsOf(config?.limits)}</td>
                    <td class="buttons">
                      <Action
                        session={session}
                        label="Weight"
                        of={role}
                        question={`Of ${role}, among the roles beside it: one with twice the weight is entitled to twice as much.`}
                        act={(form) =>
                          ask({
                            type: 'UPDATE_WEIGHTS',
                            update_weights: { weight_infos: [{ role, weight: Number(form.get('weight')) }] },
                          })
                        }
                      >
                        <label>
                          Weight of {role}
                          <input
                            name="weight"
                            type="number"
                            min="0.001"
                            step="any"
                            defaultValue={String(weight)}
                            required
                          />
                        </label>
                      </Action>
                      <Action
                        session={session}
                        label="Quota"
                        of={role}
                        question={`Of ${role}. Empty: no guarantee, no limit.`}
                        act={(form) => updateQuota(role, form, config).then(load)}
                      >
                        <QuotaFields config={config} />
                      </Action>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

function QuotaFields({ config }: { readonly config: QuotaConfig | undefined }) {
  return (
    <fieldset class="quota">
      <legend class="hidden">Quota</legend>
      {QUOTA_RESOURCES.map((name) =>
        (['guarantees', 'limits'] as const).map((kind) => (
          <label key={`${name} ${kind}`}>
            {name}, {kind === 'limits' ? 'at most' : 'guaranteed'}
            <input
              name={`${kind} ${name}`}
              type="number"
              min="0"
              step="any"
              defaultValue={String(config?.[kind]?.[name]?.value ?? '')}
            />
          </label>
        )),
      )}
    </fieldset>
  );
}

/** What a form does not know of stays as it is. */
function updateQuota(role: string, form: FormData, config: QuotaConfig | undefined) {
  const amounts = (kind: 'guarantees' | 'limits') => ({
    ...Object.fromEntries(
      Object.entries(config?.[kind] ?? {}).filter(
        ([name]) => !(QUOTA_RESOURCES as readonly string[]).includes(name),
      ),
    ),
    ...Object.fromEntries(
      QUOTA_RESOURCES.flatMap((name) => {
        const text = String(form.get(`${kind} ${name}`) ?? '');
        return text === '' ? [] : [[name, { value: Number(text) }]];
      }),
    ),
  });
  return ask({
    type: 'UPDATE_QUOTA',
    update_quota: {
      quota_configs: [{ role, guarantees: amounts('guarantees'), limits: amounts('limits') }],
    },
  });
}

function amountsOf(amounts: QuotaConfig['limits']): string {
  const parts = Object.entries(amounts ?? {}).map(([name, { value }]) => `${name} ${readable(name, value)}`);
  return parts.length === 0 ? '–' : parts.join(', ');
}
