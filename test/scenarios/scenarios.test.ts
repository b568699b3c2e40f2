/** Plays all scenarios of this directory. With MESOLAB_RECORD=1 what comes out is written into them instead of compared. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { interpret } from './interpreter.ts';
import { parseScript, renderScript } from './script.ts';

const DIRECTORY = import.meta.dirname;
const isRecording = process.env.MESOLAB_RECORD === '1';
const files = readdirSync(DIRECTORY).filter((name) => name.endsWith('.txt'));

describe('scenarios', () => {
  test.each(files)('%s', (name) => {
    const file = join(DIRECTORY, name);
    const text = readFileSync(file, 'utf8');
    const script = parseScript(relative(process.cwd(), file), text);
    const played = renderScript(script, interpret(script));
    if (isRecording) writeFileSync(file, played);
    else expect(played).toBe(text);
  });
});

describe('a scenario that is not understood', () => {
  const CLUSTER = 'cluster\nagent a1 cpus:1\nframework ads\n----\n';

  test.each([
    ['frobnicate ads\n----\n', 'x.txt:6: "frobnicate" is no command'],
    ['subscribe ads colour=red\n----\n', 'x.txt:6: "colour" is not understood here'],
    ['subscribe web\n----\n', 'x.txt:6: no framework is named "web"; there are ads'],
    ['subscribe ads now\n----\n', 'x.txt:6: "now" is not understood here'],
    ['wait 5\n----\n', 'x.txt:6: "5" is not a duration; expected e.g. 10s, 200ms, 15min'],
    ['decline ads a1\n----\n', 'x.txt:6: ads has no offers of "a1"'],
    ['wait 5s\nlook tasks\n----\n', 'x.txt:7: "wait" has no lines of input'],
    ['cluster\nagent a1 cpus:1\nmachine a2\n----\n', 'x.txt:8: "machine" is neither agent nor framework'],
    ['cluster colour=red\n----\n', 'x.txt:6: "colour" is no flag'],
    ['accept ads M1-O0\nfly t1 cpus:1\n----\n', 'x.txt:7: "fly" is no operation'],
    ['look tasks\n', 'x.txt:6: no line ---- follows the command'],
  ])('is refused where it is wrong: %j', (command, message) => {
    const text = `${CLUSTER}\n${command}`;
    expect(() => interpret(parseScript('x.txt', text))).toThrow(message);
  });
});
