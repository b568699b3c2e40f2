/** Decisions of every policy on a fixed workload, pinned: a change here changes results and belongs into the changelog. */
import { expect, test } from 'vitest';
import { policies } from '../../src/policies/registry.ts';
import { demoModel } from '../../src/workload/generate/demo-model.ts';
import { generateWorkload } from '../../src/workload/generate/generate.ts';
import { play } from './play.ts';

const workload = generateWorkload(demoModel, 'digests', { tasks: 3000, agents: 30, load: 1 });

test('every policy decides as it did', () => {
  const digests = policies.map(
    ({ name }) => `${name} ${play(workload, workload.cluster!, name).summary().decisionDigest}`,
  );
  const offers = {
    kind: 'offers',
    intervalUs: 1e6,
    decisionUs: 0,
    holdUs: Number.POSITIVE_INFINITY,
    refuseUs: 5e6,
  } as const;
  const offered = play(workload, workload.cluster!, 'drf', { model: offers }).summary().decisionDigest;
  expect([...digests, `drf with offers ${offered}`].join('\n')).toMatchSnapshot();
});
