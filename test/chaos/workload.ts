/** Work on a cluster while it is hurt: a service of long tasks and short tasks one after the other; every task is kept account of. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isTerminal } from '../../src/protocol/task-states.ts';
import { startFramework, type TaskState } from '../../src/real/sdk/framework.ts';

const SERVICE_TASKS = 3;
const BATCH_TASKS = 3;
const NEEDS = { cpus: 0.5, mem: 32 };

interface Account {
  readonly isService: boolean;
  state: TaskState | null;
  message: string;
  isKilledByUs: boolean;
}

export class Workload {
  /** By task. */
  readonly accounts = new Map<string, Account>();
  private readonly folder: string;
  private readonly framework: ReturnType<typeof startFramework>;
  private isEnding = false;

  /** @param folder its state, and notes of its tasks */
  constructor(master: string, folder: string) {
    this.folder = folder;
    const note = (word: string) => `echo ${word} >> ${join(folder, 'task')}.$MESOS_EXECUTOR_ID`;
    const commands = {
      service: `${note('began')}; exec sleep 100000`,
      batch: `${note('began')}; sleep 2; ${note('ended')}`,
    };
    this.framework = startFramework(
      { master, name: 'chaos', stateFile: join(folder, 'state'), refuseSeconds: 0.5 },
      {
        wantsOffers: () => !this.isEnding && this.missing('service') + this.missing('batch') > 0,
        offer: (offer) => {
          for (const kind of ['service', 'batch'] as const)
            while (this.missing(kind) > 0 && offer.hasRoomFor(NEEDS)) {
              const id = offer.launch({ name: kind, needs: NEEDS, command: { value: commands[kind] } });
              this.accounts.set(id, {
                isService: kind === 'service',
                state: null,
                message: '',
                isKilledByUs: false,
              });
            }
        },
        update: (id, { state, reason, message = '' }) => {
          const account = this.accounts.get(id)!;
          account.state = state;
          account.message = `${reason ?? ''} ${message}`;
        },
      },
    );
  }

  get isRunning(): boolean {
    return this.of('service').filter(({ state }) => state === 'TASK_RUNNING').length === SERVICE_TASKS;
  }

  get isOver(): boolean {
    return (
      this.isEnding && [...this.accounts.values()].every(({ state }) => state !== null && isTerminal(state))
    );
  }

  /** Nothing more is begun; what does not end by itself is killed. */
  end(): void {
    this.isEnding = true;
    this.framework.changed();
    for (const [id, account] of this.accounts)
      if (account.isService && !(account.state && isTerminal(account.state))) {
        account.isKilledByUs = true;
        this.framework.kill(id);
      }
  }

  async close(): Promise<void> {
    this.framework.finish();
    await this.framework.ended;
  }

  /**
   * What no fault accounts for: tasks that began twice, that ended without being told so, that were told to have ended well
   * and had not, or that were lost although they ran and nobody hurt them.
   * @param hurt tasks whose processes were killed
   */
  faults(hurt: ReadonlySet<string>): readonly string[] {
    const notes = this.notes();
    return [...this.accounts].flatMap(([id, { isService, state, message, isKilledByUs }]) => {
      const { began = 0, ended = 0 } = notes.get(id) ?? {};
      const say = (problem: string) => [
        `${id} ${problem}: ${state} ${message}, began ${began}, ended ${ended}`,
      ];
      if (state === null || !isTerminal(state)) return say('has no end');
      if (began > 1) return say('began twice');
      if (state === 'TASK_FINISHED') return !isService && ended === 1 ? [] : say('did not finish');
      if (isKilledByUs && state === 'TASK_KILLED') return [];
      return began === 0 || hurt.has(id) ? [] : say('is lost');
    });
  }

  summary(): string {
    const counts = new Map<string, number>();
    for (const { isService, state } of this.accounts.values()) {
      const key = `${isService ? 'service' : 'batch'} ${state}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...counts].map(([key, count]) => `${count} ${key}`).join(', ');
  }

  private of(kind: 'service' | 'batch'): Account[] {
    return [...this.accounts.values()].filter(({ isService }) => isService === (kind === 'service'));
  }

  private missing(kind: 'service' | 'batch'): number {
    const alive = this.of(kind).filter(({ state }) => state === null || !isTerminal(state)).length;
    return (kind === 'service' ? SERVICE_TASKS : BATCH_TASKS) - alive;
  }

  private notes(): ReadonlyMap<string, { began: number; ended: number }> {
    const notes = new Map<string, { began: number; ended: number }>();
    for (const name of existsSync(this.folder) ? readdirSync(this.folder) : []) {
      if (!name.startsWith('task.')) continue;
      const lines = readFileSync(join(this.folder, name), 'utf8').split('\n');
      const count = (word: string) => lines.filter((line) => line === word).length;
      notes.set(name.slice('task.'.length), { began: count('began'), ended: count('ended') });
    }
    return notes;
  }
}
