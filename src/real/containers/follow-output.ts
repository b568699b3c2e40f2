/** What a container writes, read from the files that hold it, until it ends. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerOutput } from './container-runtime.ts';

const CHUNK_BYTES = 65_536;
const POLL_MS = 50;

export function followOutput(sandbox: string, ended: Promise<unknown>): ContainerOutput {
  let isOver = false;
  ended.then(() => {
    isOver = true;
  });
  const stream = (file: string) =>
    Readable.from(
      follow(join(sandbox, file), () => isOver),
      { objectMode: false },
    );
  return { stdout: stream('stdout'), stderr: stream('stderr') };
}

/** A file that becomes shorter is one whose older part was moved elsewhere: it is read from its beginning. */
async function* follow(path: string, isOver: () => boolean): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    let position = 0;
    for (;;) {
      const isLast = isOver();
      const { size } = await file.stat();
      if (size < position) position = 0;
      const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, position);
      position += bytesRead;
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      else if (isLast) return;
      else await sleep(POLL_MS);
    }
  } finally {
    await file.close();
  }
}
