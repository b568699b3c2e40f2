/** The tutorial's commands do what it says, in its order. */
import { readFileSync, rmSync, statSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { mesolab } from '../cli/mesolab.ts';

const TEXT = readFileSync('docs/tutorial.md', 'utf8');
const COMMANDS = [...TEXT.matchAll(/^ {4}npx mesolab (.+)$/gm)].map(([, command]) => command);
const FOLDER = 'runs/tutorial';

rmSync(FOLDER, { recursive: true, force: true });
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

test('there are commands', () => {
  expect(COMMANDS.length).toBeGreaterThan(8);
});

test.each(COMMANDS)('mesolab %s', { timeout: 180_000 }, async (command) => {
  const { code, stderr } = await mesolab(command.split(' '));
  expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  const [, written] = /(?:-o|--out) (\S+)/.exec(command) ?? [];
  if (written !== undefined) expect(statSync(written).mtimeMs).toBeGreaterThan(Date.now() - 180_000);
});
