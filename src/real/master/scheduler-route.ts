/** The scheduler API over HTTP (reference §2): calls go into the master, events come out on schedulers' streams. */
import type { SchedulerEvent } from '../../protocol/v1/scheduler.ts';
import type { HttpExchange } from '../http/http-exchange.ts';
import { NOT_ACCEPTABLE, readCall } from '../http/read-call.ts';
import { encode } from '../wire/codec.ts';
import { MEDIA_TYPES } from '../wire/content-type.ts';
import { answerPlainly } from './answer.ts';
import type { MasterDriver } from './master-driver.ts';

export function handleSchedulerCall(
  exchange: HttpExchange,
  principal: string | null,
  driver: MasterDriver,
): void {
  const read = readCall('mesos.v1.scheduler.Call', exchange.headers, exchange.body);
  if ('status' in read) {
    exchange.answer(read.status, read.problem);
    return;
  }
  const { call, accepted } = read;
  const isStreamed = call.type === 'SUBSCRIBE';
  if (isStreamed && accepted === null) {
    exchange.answer(NOT_ACCEPTABLE.status, NOT_ACCEPTABLE.problem);
    return;
  }
  const header = exchange.headers['mesos-stream-id'];
  const stream = header === undefined ? null : String(header);
  driver.ask(
    {
      answer: (answer) => answerPlainly(exchange, answer),
      open(name) {
        const headers = { 'content-type': MEDIA_TYPES[accepted!], 'mesos-stream-id': name };
        const records = exchange.openStream(headers, () => driver.streamClosed(name));
        return {
          event: (event) =>
            records.write(encode('mesos.v1.scheduler.Event', accepted!, event as SchedulerEvent)),
          close: () => records.end(),
        };
      },
    },
    (name) => ({ kind: 'call', exchange: name, call, stream, principal }),
  );
}
