/** A framework of fifty lines: runs ten commands, four at a time, and says what became of them. */
import { startFramework, type UsableOffer } from 'mesolab/framework';

const needs = { cpus: 0.1, mem: 32 };
const todo = Array.from({ length: 10 }, (_, number) => `echo this is task ${number}; sleep 1`);
const running = new Map<string, string>();
let failed = 0;

const framework = startFramework(
  { master: process.argv[2] ?? '127.0.0.1:5050', name: 'hello', role: 'examples' },
  {
    wantsOffers: () => todo.length > 0 && running.size < 4,

    offer(offer: UsableOffer) {
      while (todo.length > 0 && running.size < 4 && offer.hasRoomFor(needs)) {
        const value = todo.shift()!;
        const taskId = offer.launch({ name: 'hello', needs, command: { value } });
        running.set(taskId, value);
        console.log(`${value}  →  ${offer.hostname}`);
      }
    },

    update(taskId, { state, message }) {
      if (state === 'TASK_STAGING' || state === 'TASK_STARTING' || state === 'TASK_RUNNING') return;
      const value = running.get(taskId)!;
      running.delete(taskId);
      console.log(`${value}  ${state}`);
      if (state === 'TASK_FAILED' && failed++ > 3) throw new Error(`too many failures, the last: ${message}`);
      if (state !== 'TASK_FINISHED') todo.push(value);
      if (todo.length === 0 && running.size === 0) framework.finish();
    },
  },
);

await framework.ended;
