/**
 * Time and memory of import: `npx node bench/import.ts TRACE [REPEATS]` reads a trace of CSV tables without headers
 * (`bench/google-2011-trace.ts` makes one) and writes it in our columnar form, with our row reader and with csv-parse
 * for the rows, each in a process of its own, interleaved.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTrace } from '../src/files/trace-directory.ts';
import { TraceSource } from '../src/files/trace-source.ts';
import { loadTrace } from '../src/workload/load-trace.ts';

const READERS = ['row reader', 'csv-parse'] as const;
const COMMA = 0x2c;
const QUOTE = 0x22;

/** Quotes the first cell of each file, from which on csv-parse reads the file, as it does wherever quotes occur. */
class QuotedSource extends TraceSource {
  override async *open(file: string): AsyncGenerator<Uint8Array> {
    let isStart = true;
    for await (const chunk of super.open(file)) {
      yield isStart ? withQuotedCell(chunk) : chunk;
      isStart = false;
    }
  }
}

interface Import {
  readonly rows: number;
  readonly tasks: number;
  readonly readSeconds: number;
  readonly writeSeconds: number;
  readonly peakMib: number;
}

const [trace, repeats = '3', reader] = process.argv.slice(2);
if (trace === undefined) throw new Error('usage: node bench/import.ts TRACE [REPEATS]');
if (reader === undefined) compareReaders(Number(repeats));
else process.stdout.write(JSON.stringify(await importOnce(reader)));

function withQuotedCell(chunk: Uint8Array): Uint8Array {
  const end = chunk.indexOf(COMMA);
  return Buffer.concat([Buffer.of(QUOTE), chunk.subarray(0, end), Buffer.of(QUOTE), chunk.subarray(end)]);
}

async function importOnce(reader: string): Promise<Import> {
  const folder = mkdtempSync(join(tmpdir(), 'mesolab-import-'));
  try {
    const source = reader === 'csv-parse' ? new QuotedSource(trace) : new TraceSource(trace);
    const startedMs = performance.now();
    const { workload, report } = await loadTrace(source);
    const readMs = performance.now();
    await writeTrace(join(folder, 'trace'), workload);
    return {
      rows: [...report.rows.values()].reduce((sum, rows) => sum + rows, 0),
      tasks: workload.tasks.count,
      readSeconds: (readMs - startedMs) / 1000,
      writeSeconds: (performance.now() - readMs) / 1000,
      peakMib: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compareReaders(repeats: number): void {
  const ratios: number[] = [];
  const best = new Map<string, number>();
  for (let repeat = 0; repeat < repeats; repeat++) {
    const [ours, theirs] = READERS.map((name) => {
      const one = importInProcess(name);
      const rate = one.rows / (one.readSeconds + one.writeSeconds);
      best.set(name, Math.max(rate, best.get(name) ?? 0));
      process.stdout.write(
        `${name}: ${one.rows} rows, ${one.tasks} tasks, read ${one.readSeconds.toFixed(2)} s, ` +
          `write ${one.writeSeconds.toFixed(2)} s, ${Math.round(rate)} rows/s, peak ${one.peakMib.toFixed(0)} MiB\n`,
      );
      return rate;
    });
    ratios.push(ours / theirs);
  }
  for (const [name, rate] of best) process.stdout.write(`best ${name}: ${Math.round(rate)} rows/s\n`);
  const median = ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)];
  process.stdout.write(`row reader ÷ csv-parse: ${median.toFixed(2)} (median of ${repeats})\n`);
}

function importInProcess(reader: string): Import {
  return JSON.parse(
    execFileSync(process.execPath, [import.meta.filename, trace, '1', reader], { encoding: 'utf8' }),
  );
}
