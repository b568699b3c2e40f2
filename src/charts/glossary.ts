/** Short meanings of the report's terms; docs/metrics.md has the definitions. */
export const GLOSSARY: Readonly<Record<string, string>> = {
  role: 'Who jobs belong to: a team, a user, a kind of work. Policies share the cluster between roles.',
  wait: 'From a job’s submission to its first task’s start; for a gang, whose tasks start together, to the last one’s.',
  response: 'From a job’s submission to its last task’s end.',
  'bounded slowdown': '(wait + run) ÷ run, with runs below 10 s taken as 10 s, and never below 1.',
  p99: '99 % of jobs have this or less; p50 is the median.',
  makespan: 'From the first submission to the last end.',
  utilisation: 'The part of a resource that tasks hold, whether they use it or not.',
  fragmentation:
    'The part of a resource that is free on agents where a typical task that wants it does not fit.',
  unplaced: 'Tasks that never ran to an end: nothing could hold them, or they were left waiting.',
  preemptions: 'Runs of tasks stopped to make room for a more important job.',
  'attempts lost': 'Runs of tasks ended by an agent that left or failed.',
  offers: 'Free resources of agents offered to roles, which take or decline them.',
  'dominant share': 'The largest part that a role holds of any resource of the cluster.',
  entitlement: 'A role’s weight ÷ the weights of all roles that have tasks.',
  'below entitlement':
    'How far and how long roles with waiting tasks held less than their entitlement: share × time.',
  'Jain’s index':
    'How evenly weighted dominant shares are spread over roles with waiting tasks: 1 is even, 1/n all to one.',
};
