/**
 * The pages of reference that are made from the program itself: `node docs/.vitepress/reference.ts` writes them, and a test
 * finds where they are behind.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import { createProgram } from '../../src/cli/program.ts';
import { POLICY_PARTS, policies } from '../../src/policies/registry.ts';

const FOLDER = join(import.meta.dirname, '../reference');

/** By file name in docs/reference. */
export function referencePages(): Readonly<Record<string, string>> {
  return { 'commands.md': commandsPage(createProgram()), 'policies.md': policiesPage() };
}

function commandsPage(program: Command): string {
  const commands = program.commands.flatMap(withSubcommands).filter((command) => !isHidden(command));
  return page([
    '# Commands',
    '`npx mesolab COMMAND --help` says the same. Times are written `30s`, `5m`, `2h`, `7d`; amounts `cpus=16,mem=64000` (MiB).',
    'A command that was given something wrong ends with code 2 and says where; one that was interrupted with 130; `run` and `job submit` tell of failed tasks by their code.',
    ...commands.flatMap(commandSection),
  ]);
}

/** A command that only groups others is told of by them. */
function withSubcommands(command: Command): Command[] {
  return command.commands.length > 0 ? command.commands.flatMap(withSubcommands) : [command];
}

const isHidden = (command: Command) => (command as { _hidden?: boolean })._hidden === true;

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

function commandSection(command: Command): string[] {
  const options = command.options.filter(({ hidden }) => !hidden);
  const title = sentence(command.description());
  return [
    `## ${fullName(command)}`,
    ...(title === '' ? [] : [title]),
    `    ${fullName(command)} ${command.usage()}`,
    ...(command.registeredArguments.length === 0
      ? []
      : [
          table(
            ['argument', ''],
            command.registeredArguments.map((argument) => [code(argument.name()), argument.description]),
          ),
        ]),
    ...(options.length === 0 ? [] : [table(['option', ''], options.map(optionRow))]),
  ];
}

function optionRow(option: Option): string[] {
  const { flags, description, defaultValue, defaultValueDescription, mandatory } = option;
  const isTold = defaultValue !== undefined && defaultValue !== false && String(defaultValue) !== '';
  const parts = [
    description,
    mandatory ? '(needed)' : '',
    isTold ? `(default: ${defaultValueDescription ?? String(defaultValue)})` : '',
  ];
  return [code(flags), parts.filter(Boolean).join(' ')];
}

function policiesPage(): string {
  return page([
    '# Policies',
    'By name, as in `--policy drf,fifo`, or a file of your own ([Writing a policy](../writing-a-policy.md)).',
    table(
      ['policy', 'what it does', 'published in'],
      policies.map(({ name, title, source }) => [code(name), title, source]),
    ),
    '## Parts',
    'Parts of a policy can be replaced: `drf:fit=best`, `fifo:backfill=easy`.',
    table(
      ['part', 'values'],
      Object.entries(POLICY_PARTS).map(([part, values]) => [code(part), values.map(code).join(', ')]),
    ),
  ]);
}

const page = (blocks: readonly string[]) => `${blocks.join('\n\n')}\n`;
const code = (text: string) => `\`${text}\``;
/** Angle brackets would be elements. */
const cell = (text: string) =>
  text.startsWith('`') ? text.replaceAll('|', '\\|') : text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function sentence(text: string): string {
  return text === '' ? '' : `${text[0].toUpperCase()}${cell(text.slice(1))}.`;
}

/** As the formatter writes tables. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows.map((row) => row.map((text) => cell(text.replaceAll('\n', ' '))))];
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => [...line[column]].length)));
  const padded = (line: readonly string[]) =>
    `| ${line.map((text, column) => text.padEnd(widths[column] + text.length - [...text].length)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [padded(lines[0]), rule, ...lines.slice(1).map(padded)].join('\n');
}

if (import.meta.main)
  for (const [name, text] of Object.entries(referencePages())) writeFileSync(join(FOLDER, name), text);
