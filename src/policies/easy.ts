/** FIFO with EASY backfilling: others may pass the oldest waiting job if that does not delay it. */
import { fifo } from './fifo.ts';
import type { Policy } from './policy.ts';

export const easy: Policy = {
  ...fifo,
  name: 'easy',
  title: 'FIFO with EASY backfilling: the oldest waiting job holds a reservation',
  source: "Mu'alem & Feitelson, TPDS 2001",
  backfill: 'easy',
};
