/**
 * A process that measures one gated benchmark of the commit it lies in; `bench/check.ts` starts one for each side.
 * `node bench/measure.ts` prints the benchmarks' names as JSON. With a name, and forked: says `{}` when it is ready,
 * then runs the benchmark once for each message and answers `{cpuMs}`. Both sides of a comparison are of different
 * commits: this exchange stays as it is.
 *
 * Time is what the whole process spends on processors, collecting garbage and compiling included, not what passes on
 * the wall: bench/README.md has the figures behind that.
 */
import { gatedBenchmarks } from './gated.ts';

const [name] = process.argv.slice(2);
const benchmarks = gatedBenchmarks();
if (name === undefined) {
  process.stdout.write(`${JSON.stringify(Object.keys(benchmarks))}\n`);
} else {
  const run = benchmarks[name]();
  process.on('message', async () => {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    process.send?.({ cpuMs: (user + system) / 1000 });
  });
  process.send?.({});
}
