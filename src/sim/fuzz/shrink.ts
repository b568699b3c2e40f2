/** Makes a schedule that breaks a rule as small as it can be made while it still breaks the same rule. */
import { DEFAULT_NETWORK } from '../protocol/network.ts';
import type { Schedule } from './schedule.ts';

/**
 * @param breaks whether a schedule still breaks the rule; called once for each candidate
 * @returns the smallest found: no single step below makes it smaller
 */
export function shrink(schedule: Schedule, breaks: (candidate: Schedule) => boolean): Schedule {
  let smallest = schedule;
  for (;;) {
    const smaller = candidates(smallest).find(breaks);
    if (smaller === undefined) return smallest;
    smallest = smaller;
  }
}

/** One step smaller each, the largest steps first. */
function candidates(schedule: Schedule): Schedule[] {
  const { faults, commands, batches, services, network, clocks } = schedule;
  return [
    ...halves(faults).map((kept) => ({ ...schedule, faults: kept })),
    ...without(commands).map((kept) => ({ ...schedule, commands: kept })),
    ...without(faults).map((kept) => ({ ...schedule, faults: kept })),
    ...(network.loss + network.duplication + network.reordering > 0 ||
    network.jitterUs !== DEFAULT_NETWORK.jitterUs
      ? [{ ...schedule, network: DEFAULT_NETWORK }]
      : []),
    ...(clocks.skewUs + clocks.drift > 0 ? [{ ...schedule, clocks: { skewUs: 0, drift: 0 } }] : []),
    ...(schedule.offerTimeoutUs === null ? [] : [{ ...schedule, offerTimeoutUs: null }]),
    ...batches.flatMap(({ tasks, seconds }, b) =>
      tasks > 1 ? [{ ...schedule, batches: batches.with(b, { tasks: Math.ceil(tasks / 2), seconds }) }] : [],
    ),
    ...services.flatMap(({ instances }, s) =>
      instances > 1 ? [{ ...schedule, services: services.with(s, { instances: 1 }) }] : [],
    ),
  ];
}

function halves<T>(list: readonly T[]): T[][] {
  if (list.length < 4) return [];
  const middle = list.length >> 1;
  return [list.slice(0, middle), list.slice(middle)];
}

function without<T>(list: readonly T[]): T[][] {
  return list.map((_, left) => list.toSpliced(left, 1));
}
