/**
 * The text of a scenario: comments, and blocks of a command, its input if it has any, `----` and what came out of it, up
 * to a blank line. What came out is what a test compares, and a recording rewrites.
 */

export interface Block {
  /** Of the command, 1-based. */
  readonly line: number;
  /** Comments and blank lines before the command, as they are. */
  readonly lead: readonly string[];
  readonly command: string;
  readonly input: readonly string[];
}

export interface Script {
  readonly file: string;
  readonly blocks: readonly Block[];
  /** What follows the last block. */
  readonly tail: readonly string[];
}

export class ScriptError extends Error {
  constructor(file: string, line: number, cause: Error) {
    super(`${file}:${line}: ${cause.message}`, { cause });
  }
}

/** Of a line of a command's input. */
export class InputLineError extends Error {
  /** From 0. */
  readonly index: number;

  constructor(index: number, problem: string) {
    super(problem);
    this.index = index;
  }
}

/** @throws InputLineError where `read` throws */
export function readLines<T>(input: readonly string[], read: (line: string) => T): T[] {
  return input.map((line, index) => {
    try {
      return read(line);
    } catch (error) {
      throw new InputLineError(index, (error as Error).message);
    }
  });
}

const RULE = '----';

/** @throws ScriptError where a block has no `----` */
export function parseScript(file: string, text: string): Script {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  let lead: string[] = [];
  for (let l = 0; l < lines.length; l++) {
    if (lines[l].startsWith('#') || lines[l] === '') {
      lead.push(lines[l]);
      continue;
    }
    const rule = lines.indexOf(RULE, l);
    const end = lines.indexOf('', l);
    if (rule < 0 || (end >= 0 && end < rule))
      throw new ScriptError(file, l + 1, new Error(`no line ${RULE} follows the command`));
    blocks.push({ line: l + 1, lead, command: lines[l], input: lines.slice(l + 1, rule) });
    lead = [];
    while (l + 1 < lines.length && lines[l + 1] !== '') l++;
  }
  return { file, blocks, tail: lead };
}

/** The scenario with what came out of each block. */
export function renderScript({ blocks, tail }: Script, outputs: readonly (readonly string[])[]): string {
  const lines = blocks.flatMap(({ lead, command, input }, b) => [
    ...lead,
    command,
    ...input,
    RULE,
    ...(outputs[b].length > 0 ? outputs[b] : ['(nothing)']),
  ]);
  return [...lines, ...tail].join('\n');
}
