/** Role trees as notebooks show them. */
import { describe, expect, it } from 'vitest';
import { collapsedWeights } from '../../src/notebooks/page/collapsed-weights.ts';
import { divideTree, gpusOverTime } from '../../src/notebooks/page/tree.ts';

describe('a collapsed tree', () => {
  it('gives each leaf its parts, multiplied along its path', () => {
    const weights = new Map([
      ['a', 3],
      ['a/x', 2],
      ['a/y/p', 4],
    ]);
    const parts = collapsedWeights(['a/x', 'a/y/p', 'a/y/q', 'b'], weights);
    expect([...parts]).toEqual([
      ['a/x', 0.75 * (2 / 3)],
      ['a/y/p', 0.75 * (1 / 3) * 0.8],
      ['a/y/q', 0.75 * (1 / 3) * 0.2],
      ['b', 0.25],
    ]);
  });

  it('gives a node less than its part where its leaves want different resources', () => {
    const leaves = [
      { name: 'n1', task: { cpus: 1, gpus: 1 } },
      { name: 'n2/a', task: { cpus: 1 } },
      { name: 'n2/b', task: { gpus: 1 } },
    ];
    const running = divideTree({ size: 24, leaves, weights: {} }).map(({ policy, filled }) => [
      policy,
      filled.running,
    ]);
    expect(running).toEqual([
      ['collapsed', [16, 8, 8]],
      ['naive', [12, 12, 12]],
      ['H-DRF', [12, 12, 12]],
    ]);
  });
});

it('GPUs are counted over time: the naive sum takes them from a leaf when tasks end', () => {
  const leaves = [
    { name: 'n1', task: { gpus: 1 }, tasks: 50, taskSeconds: 10 },
    { name: 'n2/a', task: { cpus: 1 }, tasks: 100, taskSeconds: 7 },
    { name: 'n2/b', task: { gpus: 1 }, tasks: 50, taskSeconds: 10 },
  ];
  const tree = { size: 10, leaves, weights: {}, endSeconds: 30 };
  const held = gpusOverTime(tree, divideTree(tree), 30);
  const at = (policy: string, leaf: string, seconds: number) =>
    held.find((row) => row.policy === policy && row.leaf === leaf && row.seconds === seconds)!.gpus;
  expect([at('naive', 'n2/b', 5), at('naive', 'n2/b', 15)]).toEqual([4, 0]);
  expect([at('H-DRF', 'n2/b', 5), at('H-DRF', 'n2/b', 15)]).toEqual([5, 5]);
});
