/** Only a leader that has read its registry answers calls (reference §1.5). */
import type { MasterContext } from './context.ts';
import { answer } from './send.ts';

/** Whether the call was answered with a redirect, or with 503. */
export function isRefusedHere(master: MasterContext, exchange: string): boolean {
  const { phase, leader } = master.state;
  if (phase === 'leading') return false;
  if (phase === 'recovering') answer(master, exchange, 503, 'Master has not finished recovery');
  else if (leader === null) answer(master, exchange, 503, 'No leader elected');
  else master.emit({ kind: 'answer', exchange, status: 307, leader });
  return true;
}
