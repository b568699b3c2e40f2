/** `--engine` and MESOLAB_NATIVE: the results are the same, whichever plays. */
import { expect, test } from 'vitest';
import { lacksNative } from '../native/both-engines.ts';
import { DEMO, mesolab } from './mesolab.ts';

const simulate = (...flags: string[]) =>
  mesolab(['simulate', DEMO, '--first', '300', '--policy', 'drf', '--json', ...flags]);

test.skipIf(lacksNative)('both engines print the same results', async () => {
  const [native, typescript] = (
    await Promise.all([simulate('--engine', 'native'), simulate('--engine', 'typescript')])
  ).map(({ stdout }) => JSON.parse(stdout).runs[0]);
  expect(native.decisionDigest).toMatch(/^[0-9a-f]{16}$/);
  expect(native.metrics).toEqual(typescript.metrics);
  expect(native.decisionDigest).toBe(typescript.decisionDigest);
});

test.skipIf(lacksNative)(
  'what only TypeScript plays is an error where the native engine is demanded',
  async () => {
    const { code, stderr } = await simulate('--engine', 'native', '--policy', 'random');
    expect(code).toBe(2);
    expect(stderr).toMatch(/policy random cannot be played by the native engine.*OPTION_CONFLICT/);
  },
);

test('an unknown engine is an error that names those known', async () => {
  const { code, stderr } = await simulate('--engine', 'fast');
  expect(code).toBe(2);
  expect(stderr).toMatch(/--engine.*auto, native, typescript/);
});
