/** Streams of containers over HTTP (reference §8.2): sessions, what a container writes, and what it is given to read. */
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ProcessIO } from '../../protocol/v1/agent.ts';
import type { ContainerID } from '../../protocol/v1/mesos.ts';
import type { ContainerOutput, ContainerRuntime } from '../containers/container-runtime.ts';
import type { Exchange, RecordStream } from '../http/exchange.ts';
import { type Encoding, encode } from '../wire/codec.ts';
import { RecordReader } from '../wire/record-io.ts';
import { WireError } from '../wire/wire-error.ts';
import { type OperatorAnswer, readCall, type StreamedCall } from './operator-route.ts';

const MAX_RECORD_BYTES = 16 * 2 ** 20;
const SIGKILL = 9;
const NOT_FOUND: OperatorAnswer = { status: 404, problem: 'Container cannot be found' };

/** ATTACH_CONTAINER_OUTPUT. @returns `null`: the stream is open */
export function attachOutput(
  containers: ContainerRuntime,
  { call, encoding, headers }: StreamedCall,
  exchange: Exchange,
): OperatorAnswer | null {
  const output = containers.output(call.attach_container_output!.container_id);
  if (output === null) return NOT_FOUND;
  sendOutput(output, encoding, headers, exchange, () => {});
  return null;
}

/** LAUNCH_NESTED_CONTAINER_SESSION: the container lives for as long as somebody reads what it writes. */
export async function openSession(
  containers: ContainerRuntime,
  { call, encoding, headers }: StreamedCall,
  exchange: Exchange,
): Promise<OperatorAnswer | null> {
  const { container_id, command, container } = call.launch_nested_container_session!;
  try {
    const output = await containers.launchSession(container_id, { command, container });
    sendOutput(output, encoding, headers, exchange, () => containers.killNested(container_id, SIGKILL));
    return null;
  } catch (error) {
    return { status: 400, problem: (error as Error).message };
  }
}

/** ATTACH_CONTAINER_INPUT: the first record names the container, the others are for its standard input. */
export async function attachInput(
  containers: ContainerRuntime,
  encoding: Encoding,
  records: Readable,
): Promise<OperatorAnswer> {
  const reader = new RecordReader(MAX_RECORD_BYTES);
  let input: InputOf | null = null;
  try {
    for await (const chunk of records)
      for (const payload of reader.push(chunk)) {
        const call = readCall(encoding, payload);
        if ('problem' in call) return { status: 400, problem: call.problem };
        const { container_id, process_io } = call.attach_container_input ?? {};
        if (input === null) {
          if (container_id === undefined)
            return { status: 400, problem: "Expecting 'attach_container_input.container_id' to be present" };
          input = inputOf(containers, container_id);
          if (input === null) return NOT_FOUND;
        } else if (process_io !== undefined) await take(input, process_io);
      }
  } catch (error) {
    if (error instanceof WireError) return { status: 400, problem: error.message };
    return { status: 500, problem: (error as Error).message };
  }
  return input === null
    ? { status: 400, problem: 'Expecting a record that names the container' }
    : { status: 200 };
}

type InputOf = NonNullable<ReturnType<ContainerRuntime['input']>>;

function inputOf(containers: ContainerRuntime, id: ContainerID): InputOf | null {
  return containers.input(id);
}

/** No data is the end of it. Windows of terminals have no size here, and heartbeats keep the connection. */
async function take(input: InputOf, { type, data }: ProcessIO): Promise<void> {
  if (type !== 'DATA' || data?.type !== 'STDIN') return;
  const bytes = Buffer.from(data.data ?? '', 'base64');
  if (bytes.length === 0) input.end();
  else if (!input.write(bytes)) await new Promise((resolve) => input.once('drain', resolve));
}

function sendOutput(
  { stdout, stderr }: ContainerOutput,
  encoding: Encoding,
  headers: Readonly<Record<string, string>>,
  exchange: Exchange,
  left: () => void,
): void {
  const stream = exchange.openStream(headers, () => {
    stdout.destroy();
    stderr.destroy();
    left();
  });
  const sources = [
    ['STDOUT', stdout],
    ['STDERR', stderr],
  ] as const;
  const all = sources.map(([type, source]) => send(type, source, encoding, stream));
  Promise.allSettled(all).then(() => stream.end());
}

function send(
  type: 'STDOUT' | 'STDERR',
  source: Readable,
  encoding: Encoding,
  stream: RecordStream,
): Promise<void> {
  source.on('data', (chunk: Buffer) => {
    const data = { type, data: chunk.toString('base64') };
    stream.write(encode('mesos.v1.agent.ProcessIO', encoding, { type: 'DATA', data }));
  });
  return finished(source);
}
