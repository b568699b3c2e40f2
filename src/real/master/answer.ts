/** Answers without content: a status, why it is not 2xx, and who leads instead. */
import type { HttpExchange } from '../http/http-exchange.ts';
import { locationOf } from './agent-links.ts';
import type { MasterAnswer } from './master-driver.ts';

export function answerPlainly(exchange: HttpExchange, { status, problem, leader }: MasterAnswer): void {
  if (leader !== undefined) exchange.redirect(locationOf(leader, exchange.target));
  else exchange.answer(status, problem);
}
