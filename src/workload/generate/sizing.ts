/** How large a synthetic workload is: work = load × capacity × span, so that three of the four fix the other one. */
import { InputError } from '../../cluster/errors.ts';

export interface GenerateOptions {
  /** At least so many tasks: jobs are drawn until there are. */
  readonly tasks?: number;
  /** Exactly so many jobs, in place of `tasks`. */
  readonly jobs?: number;
  readonly agents?: number;
  /** Work of the resource most in demand ÷ its capacity over the span. */
  readonly load?: number;
  /** Time over which jobs arrive. */
  readonly spanSeconds?: number;
}

/** What is given; `follows` is left to be computed from the other three. */
export interface Sizing {
  readonly follows: 'span' | 'agents' | 'load' | 'work';
  readonly work: { readonly tasks: number } | { readonly jobs: number };
  readonly agents: number;
  readonly load: number;
  readonly spanSeconds: number;
}

/**
 * The span follows from work, agents and load. Where the span is given, something else must follow: the work, unless it
 * is given too; then the number of agents, unless that is given too; then the load.
 * @throws InputError OPTION_CONFLICT if all four are given, or both tasks and jobs
 */
export function sizingOf(
  options: GenerateOptions,
  defaults: { readonly tasks: number; readonly agents: number; readonly load: number },
): Sizing {
  const { tasks, jobs, agents, load, spanSeconds } = options;
  if (tasks !== undefined && jobs !== undefined)
    throw new InputError('OPTION_CONFLICT', 'give a number of tasks or of jobs, not both');
  const givesWork = tasks !== undefined || jobs !== undefined;
  const given = {
    work: jobs === undefined ? { tasks: tasks ?? defaults.tasks } : { jobs },
    agents: agents ?? defaults.agents,
    load: load ?? defaults.load,
    spanSeconds: spanSeconds ?? Number.NaN,
  };
  if (spanSeconds === undefined) return { ...given, follows: 'span' };
  if (!givesWork) return { ...given, follows: 'work' };
  if (agents === undefined) return { ...given, follows: 'agents' };
  if (load === undefined) return { ...given, follows: 'load' };
  throw new InputError(
    'OPTION_CONFLICT',
    'work, agents, load and time span fix each other; leave out the tasks or jobs, the agents, the load or the span',
  );
}
