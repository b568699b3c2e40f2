/** The operator API over HTTP (reference §7). What is about this process rather than the cluster is answered here. */
import type { Master } from '../../master/master.ts';
import { operatorCallProblem } from '../../protocol/operator-call.ts';
import type { OperatorCall, OperatorEvent, OperatorResponse } from '../../protocol/v1/master.ts';
import type { HttpExchange } from '../http/http-exchange.ts';
import { NOT_ACCEPTABLE, readCall } from '../http/read-call.ts';
import { FileRefusal, type ShownFiles } from '../http/shown-files.ts';
import { type Encoding, encode } from '../wire/codec.ts';
import { MEDIA_TYPES } from '../wire/content-type.ts';
import { answerPlainly } from './answer.ts';
import { READ_ONLY, type Visitor } from './console-sessions.ts';
import type { MasterDriver } from './master-driver.ts';
import type { MasterFacts } from './master-facts.ts';
import { withQuotaUpdate } from './quota-calls.ts';

/** Besides GET_…. */
const READS: ReadonlySet<string> = new Set(['SUBSCRIBE', 'LIST_FILES', 'READ_FILE']);

export interface OperatorSurroundings {
  readonly driver: MasterDriver;
  readonly master: Master;
  readonly facts: MasterFacts;
  readonly files: ShownFiles;
}

export async function handleOperatorCall(
  exchange: HttpExchange,
  { principal, isReadOnly }: Visitor,
  surroundings: OperatorSurroundings,
): Promise<void> {
  const read = readCall('mesos.v1.master.Call', exchange.headers, exchange.body);
  if ('status' in read) return exchange.answer(read.status, read.problem);
  const { accepted } = read;
  const call = withQuotaUpdate(read.call);
  if (isReadOnly && !isRead(call)) return exchange.answer(403, READ_ONLY);
  if (accepted === null) return exchange.answer(NOT_ACCEPTABLE.status, NOT_ACCEPTABLE.problem);
  const { driver, facts } = surroundings;
  if (call.type === 'SET_LOGGING_LEVEL' && call.set_logging_level !== undefined) {
    facts.loggingLevel = call.set_logging_level.level;
    return exchange.answer(200);
  }
  try {
    const own = (await ownAnswer(call, surroundings)) ?? readAnswer(call, surroundings);
    if (own !== null) return answerWith(exchange, accepted, own);
  } catch (error) {
    if (error instanceof FileRefusal) return exchange.answer(error.status, error.message);
    throw error;
  }
  driver.ask(
    {
      answer: (answer) => answerPlainly(exchange, answer),
      open(name) {
        const headers = { 'content-type': MEDIA_TYPES[accepted] };
        const records = exchange.openStream(headers, () => driver.streamClosed(name));
        return {
          event: (event) => records.write(encode('mesos.v1.master.Event', accepted, event as OperatorEvent)),
          close: () => records.end(),
        };
      },
    },
    (name) => ({ kind: 'operator-call', exchange: name, call, principal }),
  );
}

const isRead = ({ type }: OperatorCall) => type !== undefined && (type.startsWith('GET_') || READS.has(type));

function answerWith(exchange: HttpExchange, encoding: Encoding, response: OperatorResponse): void {
  exchange.answerWith(MEDIA_TYPES[encoding], encode('mesos.v1.master.Response', encoding, response));
}

/** `null`: the master answers. */
async function ownAnswer(
  call: OperatorCall,
  { facts, files }: OperatorSurroundings,
): Promise<OperatorResponse | null> {
  const { type } = call;
  switch (type) {
    case 'GET_HEALTH':
      return { type, get_health: { healthy: true } };
    case 'GET_FLAGS': {
      const flags = Object.entries(facts.flags).map(([name, value]) => ({ name, value }));
      return { type, get_flags: { flags } };
    }
    case 'GET_VERSION':
      return { type, get_version: { version_info: facts.version } };
    case 'GET_LOGGING_LEVEL':
      return { type, get_logging_level: { level: facts.loggingLevel } };
    case 'LIST_FILES':
      if (call.list_files === undefined) return null;
      return { type, list_files: { file_infos: await files.list(call.list_files.path) } };
    case 'READ_FILE': {
      if (call.read_file === undefined) return null;
      const { path, offset, length = null } = call.read_file;
      const { size, data } = await files.read(path, offset, length);
      return { type, read_file: { size, data: data.toString('base64') } };
    }
    default:
      return null;
  }
}

/** What the master knows is read beside its journal, in which only what changes something has a place. */
function readAnswer(call: OperatorCall, { master, facts }: OperatorSurroundings): OperatorResponse | null {
  const isReadable = master.state.phase === 'leading' && operatorCallProblem(call) === null;
  const response = isReadable ? master.read(call.type!) : null;
  if (response === null) return null;
  const { get_metrics, get_master } = response;
  if (get_metrics) {
    const own = Array.from(facts.measures(), ([name, value]) => ({ name, value }));
    return { ...response, get_metrics: { metrics: [...(get_metrics.metrics ?? []), ...own] } };
  }
  if (get_master) return { ...response, get_master: { ...get_master, start_time: facts.startSeconds } };
  return response;
}
