/** What both Google traces have in common for the user: options, and sentences about them. */
import type { ImportOption } from './importer.ts';

export const attemptsOption: ImportOption = {
  default: 0,
  description: '1: every attempt of a task is a job of its own; 0: each task has its total work once',
};

/** Sentences for the report. @param keepsAttempts the value 1 of the option `attempts` */
export function workNotes(keepsAttempts: boolean): string[] {
  return [
    keepsAttempts
      ? 'Every attempt of a task is a job of one task, submitted when the attempt was.'
      : 'A task has the run time of all its attempts together, once; a job is submitted with its first task (--import attempts=1 replays attempts instead).',
    'A task asks for what it last asked for; tasks that still run at the end of the trace end there.',
  ];
}
