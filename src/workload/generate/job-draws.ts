/** Draws the jobs of a model one after the other; the same model and seed give the same sequence every time. */
import { type RandomStream, stream } from '../../cluster/streams.ts';
import { secondsToUs, US_PER_SECOND } from '../../cluster/time.ts';
import type { RoleModel } from './model.ts';
import { chooser } from './samplers.ts';

/** One job; the object and its durations are overwritten by the next draw. */
export interface DrawnJob {
  role: number;
  /** Index into the role's `requests`. */
  request: number;
  tasks: number;
  /** The first `tasks` count: whole microseconds. */
  durationsUs: Float64Array;
}

export class JobDraws {
  readonly job: DrawnJob = { role: 0, request: 0, tasks: 0, durationsUs: new Float64Array(1024) };
  private readonly roles: readonly RoleModel[];
  private readonly chooseRole: (random: RandomStream) => number;
  private readonly chooseRequest: readonly ((random: RandomStream) => number)[];
  private readonly roleStream: RandomStream;
  private readonly sizeStream: RandomStream;
  private readonly durationStream: RandomStream;
  private readonly requestStream: RandomStream;

  constructor(roles: readonly RoleModel[], seed: string) {
    this.roles = roles;
    this.chooseRole = chooser(roles.map((role, index) => [role.jobShare, index] as const));
    this.chooseRequest = roles.map(({ requests }) =>
      chooser(requests.map(([weight], index) => [weight, index] as const)),
    );
    this.roleStream = stream(seed, 'roles');
    this.sizeStream = stream(seed, 'sizes');
    this.durationStream = stream(seed, 'durations');
    this.requestStream = stream(seed, 'requests');
  }

  next(): DrawnJob {
    const { job } = this;
    job.role = this.chooseRole(this.roleStream);
    const role = this.roles[job.role];
    job.tasks = Math.max(1, Math.round(role.tasksPerJob(this.sizeStream)));
    job.request = this.chooseRequest[job.role](this.requestStream);
    if (job.durationsUs.length < job.tasks) job.durationsUs = new Float64Array(2 * job.tasks);
    this.drawDurations(role);
    return job;
  }

  private drawDurations(role: RoleModel): void {
    const { job, durationStream: random } = this;
    const longest = role.longestSeconds ?? Number.POSITIVE_INFINITY;
    const seconds = role.durationSeconds(random);
    const factorOfGang = role.isGang ? role.durationSpread(random) : 1;
    for (let task = 0; task < job.tasks; task++) {
      const factor = role.isGang ? factorOfGang : role.durationSpread(random);
      job.durationsUs[task] = Math.max(US_PER_SECOND, secondsToUs(Math.min(longest, seconds * factor)));
    }
  }
}
