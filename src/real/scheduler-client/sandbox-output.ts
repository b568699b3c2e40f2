/** Follows a file in a task's sandbox on its agent (reference §9, `/files/read`) while the task writes it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, request } from 'undici';

const POLL_MS = 100;

export interface Sandbox {
  /** Of the agent, such as `http://127.0.0.1:5051`. */
  readonly origin: string;
  readonly frameworkId: string;
  readonly executorId: string;
}

export interface SandboxFile extends Sandbox {
  readonly name: string;
  readonly authorization: string | null;
  readonly dispatcher: Dispatcher | null;
}

/** @param write gets each new part; @param hasEnded when this settles, what is left is read, and no more */
export async function followSandboxFile(
  file: SandboxFile,
  write: (part: string) => void,
  hasEnded: Promise<unknown>,
): Promise<void> {
  let isEnding = false;
  const ended = hasEnded.finally(() => {
    isEnding = true;
  });
  for (let offset = 0; ; ) {
    const isLast = isEnding;
    const part = await readPart(file, offset);
    if (part.length > 0) {
      write(part);
      offset += Buffer.byteLength(part);
    } else if (isLast) return;
    else await Promise.race([sleep(POLL_MS), ended]);
  }
}

/** Nothing, where the file is not there yet or the agent is away. */
async function readPart(file: SandboxFile, offset: number): Promise<string> {
  const { origin, frameworkId, executorId, name, authorization, dispatcher } = file;
  const path = `/frameworks/${frameworkId}/executors/${executorId}/runs/latest/${name}`;
  const query = new URLSearchParams({ path, offset: String(offset) });
  try {
    const { statusCode, body } = await request(`${origin}/files/read?${query}`, {
      headers: authorization === null ? {} : { authorization },
      ...(dispatcher !== null && { dispatcher }),
    });
    const text = await body.text();
    return statusCode === 200 ? (JSON.parse(text) as { data: string }).data : '';
  } catch {
    return '';
  }
}
