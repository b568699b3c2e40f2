/**
 * Blocks of an experiment on other machines: BullMQ's queue on Redis or Valkey hands them out, workers carry them out, and
 * results are files in a folder that all of them see. What counts is the files: a queue that loses its memory is filled again,
 * and a block that two workers were given is written twice alike.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, QueueEvents, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { InputError } from '../../cluster/errors.ts';
import { type BlockWork, carryOut } from './sweep-work.ts';

const QUEUE = 'mesolab-sweep';
const POLL_MS = 500;
/** Between two looks at whether all that waits is still in the queue. */
const REFILL_MS = 5_000;
/** A worker that gives no sign of life for so long has lost its block, which another takes. */
const LOCK_MS = 10_000;
const KEPT = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const;

/** Resolves when all are done. @throws InputError of a block that cannot be run; AbortError */
export async function playOnQueue(
  url: string,
  blocks: readonly BlockWork[],
  finished: () => void,
  signal: AbortSignal,
): Promise<void> {
  const connections = [connect(url), connect(url)];
  const queue = new Queue(QUEUE, { connection: connections[0] });
  const events = new QueueEvents(QUEUE, { connection: connections[1] });
  const ids = new Map(blocks.map((block) => [idOf(block), block]));
  let failure: string | null = null;
  events.on('failed', ({ jobId, failedReason }) => {
    if (ids.has(jobId)) failure ??= failedReason;
  });
  queue.on('error', () => {});
  events.on('error', () => {});
  try {
    await events.waitUntilReady();
    let filledMs = Number.NEGATIVE_INFINITY;
    const open = new Map(ids);
    while (open.size > 0) {
      signal.throwIfAborted();
      if (failure !== null) throw new InputError('CONFIG_INVALID', failure);
      for (const [id, { marker }] of open)
        if (existsSync(marker)) {
          open.delete(id);
          finished();
        }
      if (performance.now() - filledMs > REFILL_MS) {
        // Those that are there are left as they are.
        await queue.addBulk(
          Array.from(open, ([jobId, data]) => ({ name: data.title, data, opts: { jobId, ...KEPT } })),
        );
        filledMs = performance.now();
      }
      await sleep(POLL_MS);
    }
  } finally {
    if (signal.aborted || failure !== null)
      for (const id of ids.keys()) await queue.remove(id).catch(() => 0);
    await Promise.allSettled([queue.close(), events.close()]);
    for (const connection of connections) connection.disconnect();
  }
}

/** Carries out blocks until the signal comes, and then those that it has begun. */
export async function workOnQueue(
  url: string,
  workers: number,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const connection = connect(url);
  const stopping = new AbortController();
  const worker = new Worker<BlockWork>(
    QUEUE,
    async ({ data }) => {
      log(`begins ${data.title}`);
      await carryOut(data, stopping.signal);
      log(`finished ${data.title}`);
    },
    {
      connection,
      concurrency: workers,
      lockDuration: LOCK_MS,
      stalledInterval: LOCK_MS / 2,
      maxStalledCount: 10,
    },
  );
  let last = '';
  worker.on('error', ({ message }) => {
    if (message !== last) log(message);
    last = message;
  });
  worker.on('failed', (job, { message }) => log(`${job?.data.title ?? 'a block'} failed: ${message}`));
  await worker.waitUntilReady();
  log(`takes blocks from ${url}, ${workers} at once`);
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await worker.close();
  connection.disconnect();
}

/** Waits for a server that is away. @throws InputError where the address is none */
function connect(url: string): Redis {
  if (!/^rediss?:\/\//.test(url))
    throw new InputError('OPTION_VALUE', `"${url}" is no queue; expected such as redis://10.0.0.1:6379`);
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', () => {});
  return redis;
}

function idOf({ marker }: BlockWork): string {
  return createHash('sha256').update(marker).digest('hex').slice(0, 32);
}
