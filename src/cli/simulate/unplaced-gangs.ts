/** Tells the user why gangs may have starved in the offers model, which looks like a fault of the policy and is none. */
import { formatCount } from '../../metrics/format-values.ts';
import type { Policy } from '../../policies/policy.ts';
import type { ReplayOptions } from '../../sim/options.ts';
import type { Workload } from '../../workload/workload.ts';

/** A sentence, or `null` where no gang can have starved for want of a batch of offers. */
export function unplacedGangsWarning(
  { jobs }: Workload,
  { name, gang }: Policy,
  model: ReplayOptions['model'],
  unplacedTasks: number,
): string | null {
  if (unplacedTasks === 0 || model.kind !== 'offers' || model.refuseUs === 0 || gang === 'none') return null;
  if (gang !== 'all' && !jobs.isGang.includes(1)) return null;
  return (
    `${formatCount(unplacedTasks)} tasks were never placed under ${name}: in the offers model a gang waits until one batch ` +
    'of offers holds it, and agents declined at different times may never be offered together again; ' +
    'try --refuse-seconds 0 or --gang none'
  );
}
