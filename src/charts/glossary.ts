/** Short meanings of the report's terms; docs/metrics.md has the definitions. */
export const GLOSSARY: Readonly<Record<string, string>> = {
  wait: 'From a job’s submission to its start; a gang starts when its last task starts.',
  'bounded slowdown': '(wait + run) ÷ run, with runs below 10 s taken as 10 s, and never below 1.',
  makespan: 'From the first submission to the last end.',
  'dominant share': 'The largest part that a role holds of any resource of the cluster.',
  entitlement: 'A role’s weight ÷ the weights of all roles that have tasks.',
  'below entitlement':
    'How far and how long backlogged roles held less than their entitlement: share × time.',
  'Jain’s index':
    'How evenly weighted dominant shares are spread over backlogged roles: 1 is even, 1/n all to one.',
};
