/** Why a framework is offered no more than it is: for each of its roles, agents by the reason to pass them over. */
import { useEffect, useState } from 'preact/hooks';
import { percent } from '../amounts.ts';
import { askWhyNot, type WhyNotAnswer } from '../operator-client.ts';

const REFRESH_MS = 3000;
/** Of agents that a reason is true of, by name. */
const SHOWN = 5;

export function WhyNot({ framework }: { readonly framework: string }) {
  const [answer, setAnswer] = useState<WhyNotAnswer | null>(null);
  useEffect(() => {
    let isOver = false;
    const load = () =>
      askWhyNot(framework).then(
        (told) => !isOver && setAnswer(told),
        // It has ended, or the connection has, which its state tells.
        () => {},
      );
    load();
    const timer = setInterval(load, REFRESH_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [framework]);
  if (answer === null) return <p class="note">Asking the master…</p>;
  return (
    <>
      {answer.roles.map(({ role, state, share, weight, before, agents }) => (
        <section key={role} aria-label={`Offers in role ${role}`}>
          <h3>
            {role} <span>{state}</span>
          </h3>
          <p class="note">
            Share {percent(share)} at weight {weight}.{' '}
            {before.length === 0
              ? 'No role beside it that takes offers has a lower share by weight.'
              : `Lower shares by weight, and so asked first where the policy goes by shares: ${before.join(', ')}.`}
          </p>
          <ul>
            {Object.entries(agents).map(([reason, names]) => (
              <li key={reason}>
                <b>{names.length === 1 ? '1 agent' : `${names.length.toLocaleString('en')} agents`}</b>:{' '}
                {answer.reasons[reason]} ({names.slice(0, SHOWN).join(', ')}
                {names.length > SHOWN && ' …'})
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
