/** FIFO with conservative backfilling: every waiting job holds a reservation. */
import { fifo } from './fifo.ts';
import type { Policy } from './policy.ts';

export const conservative: Policy = {
  ...fifo,
  name: 'conservative',
  title: 'FIFO with conservative backfilling: every waiting job holds a reservation',
  source: "Mu'alem & Feitelson, TPDS 2001",
  backfill: 'conservative',
};
