/** Tetris: the waiting task that is best aligned with an agent's free resources starts there. */
import { alignment } from './fits/dot-product.ts';
import type { Policy } from './policy.ts';

export const tetris: Policy = {
  name: 'tetris',
  title: 'Multi-resource packing: the best aligned of the first 256 waiting stages starts next',
  source: 'Grandl et al., SIGCOMM 2014, section 3.2 (packing score; without its SRTF term)',
  order: { kind: 'tasks', window: 256, score: (task, agent) => alignment(task.demand, agent) },
};
