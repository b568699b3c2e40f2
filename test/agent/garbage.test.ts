/** Which sandboxes go, and when (reference §5.4). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AgentHarness } from './agent-harness.ts';

const DAY_US = 86_400_000_000;

test('§5.4 a sandbox goes when it is older than gc_delay × (1 − headroom − usage), never before', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(10 * DAY_US), { maxLength: 8 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      (ends, used, gcDiskHeadroom) => {
        const agent = new AgentHarness({ gcDiskHeadroom });
        agent.nowUs = 10 * DAY_US;
        const sandboxes = ends.sort((a, b) => a - b).map((endedUs, i) => ({ sandbox: `${i}`, endedUs }));
        agent.start({ sandboxes });
        agent.step({ kind: 'disk-usage', used });
        const keepUs = 7 * DAY_US * Math.max(0, 1 - gcDiskHeadroom - used);
        const old = sandboxes.filter(({ endedUs }) => agent.nowUs - endedUs >= keepUs);
        expect(agent.made('remove-sandbox').map(({ sandbox }) => sandbox)).toEqual(
          old.map(({ sandbox }) => sandbox),
        );
        agent.step({ kind: 'disk-usage', used });
        expect(agent.made('remove-sandbox')).toHaveLength(old.length);
      },
    ),
  );
});

test('§5.4 the sandbox of an executor is kept while that runs, and counts from its end', () => {
  const agent = new AgentHarness().start().register();
  agent.run('t');
  const { sandbox } = agent.made('launch-container')[0].launch;
  expect(sandbox).toMatch(/^slaves\/S0\/frameworks\/F0\/executors\/t\/runs\/[0-9a-f-]{36}$/);
  const isRemoved = () => {
    agent.step({ kind: 'disk-usage', used: 0.5 });
    return agent.made('remove-sandbox').some((effect) => effect.sandbox === sandbox);
  };
  agent.nowUs += 30 * DAY_US;
  expect(isRemoved()).toBe(false);
  agent.play('t', 'TASK_FINISHED');
  agent.nowUs += 2.7 * DAY_US;
  expect(isRemoved()).toBe(false);
  agent.nowUs += 0.2 * DAY_US;
  expect(isRemoved()).toBe(true);
});
