/** Process of many frameworks that always have work: `node frameworks.ts MASTER COUNT MEAN_SECONDS`; tells what they did each second. */
import { stream } from '../../src/cluster/streams.ts';
import { Scheduler } from '../../src/frameworks/scheduler.ts';
import { listedMasters } from '../../src/real/coordination/masters.ts';
import { runScheduler } from '../../src/real/scheduler-client/run-scheduler.ts';
import { FORGETFUL } from '../../src/real/scheduler-client/saved-state.ts';
import { EndlessWork } from './endless-work.ts';

const [master, count, meanSeconds] = process.argv.slice(2);
const addresses = {
  masters: listedMasters([`http://${master}`]),
  encoding: 'json',
  authorization: null,
  dispatcher: null,
} as const;
const works = Array.from({ length: Number(count) }, (_, index) => {
  const name = `framework-${index}`;
  const work = new EndlessWork(name, Number(meanSeconds));
  const info = {
    user: 'root',
    name,
    roles: [`role-${index}`],
    capabilities: [{ type: 'MULTI_ROLE' as const }],
  };
  const scheduler = new Scheduler(info, work, stream(name, 'scheduler'));
  let subscribed = false;
  runScheduler(scheduler, addresses, FORGETFUL, {
    event({ type }) {
      if (type === 'SUBSCRIBED' && !subscribed) process.send!({ subscribed: 1 });
      subscribed ||= type === 'SUBSCRIBED';
    },
    disconnected: (problem) => process.send!({ problem: `${name}: ${problem}` }),
  });
  return work;
});
setInterval(() => {
  const sum = { offers: 0, launched: 0, finished: 0, failed: 0, launchSeconds: [] as number[] };
  for (const work of works) {
    for (const key of ['offers', 'launched', 'finished', 'failed'] as const) {
      sum[key] += work.counts[key];
      work.counts[key] = 0;
    }
    sum.launchSeconds.push(...work.launchSeconds);
    work.launchSeconds = [];
  }
  process.send!(sum);
}, 1000);
process.on('disconnect', () => process.exit());
