/** A process's end as wait(2) gives it: exit code × 256, or the number of the signal that killed it. */

const SIGNAL_NAMES: Readonly<Record<number, string>> = {
  1: 'Hangup',
  2: 'Interrupt',
  3: 'Quit',
  4: 'Illegal instruction',
  6: 'Aborted',
  7: 'Bus error',
  8: 'Floating point exception',
  9: 'Killed',
  11: 'Segmentation fault',
  13: 'Broken pipe',
  14: 'Alarm clock',
  15: 'Terminated',
};

/** In the words of Mesos's executors, which clients show. */
export function describeEnd(status: number | null): string {
  if (status === null) return 'Command did not start, or its end is not known';
  const signal = status & 0x7f;
  if (signal === 0) return `Command exited with status ${status >> 8}`;
  return `Command terminated with signal ${SIGNAL_NAMES[signal] ?? signal}`;
}
