/** The types of src/protocol/v1 and the schema say the same. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { messageTypes } from '../../../src/real/wire/schema.ts';
import { type FieldPlan, type Kind, planOf, type TypePlan } from '../../../src/real/wire/type-plan.ts';

/** Of each package: the file of its types, and what some of their names begin with in place of it. */
const PACKAGES = [
  { space: 'mesos.v1', file: 'mesos', prefix: '' },
  { space: 'mesos.v1.scheduler', file: 'scheduler', prefix: 'Scheduler' },
  { space: 'mesos.v1.executor', file: 'executor', prefix: 'Executor' },
  { space: 'mesos.v1.master', file: 'master', prefix: 'Operator' },
  { space: 'mesos.v1.agent', file: 'agent', prefix: 'Agent' },
  { space: 'mesos.v1.quota', file: 'quota', prefix: '' },
  { space: 'mesos.v1.maintenance', file: 'maintenance', prefix: '' },
  { space: 'mesos.v1.allocator', file: 'allocator', prefix: '' },
  { space: 'google.protobuf', file: 'master', prefix: 'Protobuf' },
];

const TYPE_TEXT: Readonly<Partial<Record<Kind, string>>> = {
  string: 'string',
  bytes: 'string',
  bool: 'boolean',
  double: 'number',
  integer: 'number',
};

const plans = messageTypes().map(({ fullName }) => planOf(fullName.slice(1)));
const files = [...new Set(PACKAGES.map(({ file }) => file))];
const declarations = new Map(files.flatMap(declarationsOf));

describe.each(files)('src/protocol/v1/%s', (file) => {
  const interfaces = declarationsOf(file).flatMap(([, one]) => (ts.isInterfaceDeclaration(one) ? [one] : []));

  test('has types', () => {
    expect(interfaces.length).toBeGreaterThan(0);
  });

  test.each(interfaces.map((one) => [one.name.text, one] as const))('%s', (name, declaration) => {
    const plan = plans.find((one) => namesOf(one).includes(name));
    expect(plan, 'a message of the schema').toBeDefined();
    const types = fieldTypes(declaration);
    const inSchema = plan!.fields.map((field) => [field.name, textOf(field, types[field.name] ?? '')]);
    expect(types).toEqual(Object.fromEntries(inSchema));
  });
});

function declarationsOf(file: string) {
  const url = new URL(`../../../src/protocol/v1/${file}.ts`, import.meta.url);
  const source = ts.createSourceFile(file, readFileSync(url, 'utf8'), ts.ScriptTarget.Latest, true);
  return source.statements
    .filter((one) => ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one))
    .map((one) => [one.name.text, one] as const);
}

/** Such as `name?: string[]`. */
function fieldTypes(declaration: ts.InterfaceDeclaration): Record<string, string> {
  const members = declaration.members.filter(ts.isPropertySignature);
  return Object.fromEntries(
    members.map(({ name, questionToken, type }) => {
      const text = type!
        .getText()
        .replace(/ \| undefined$/, '')
        .replace(/^readonly /, '');
      return [name.getText(), `${questionToken === undefined ? '' : '?'}${text}`];
    }),
  );
}

/** What the type of a field should be; where there are several names for it, that which it has. */
function textOf(field: FieldPlan, found: string): string {
  const inner = found.match(/\w+(?=(?:\[\]|>>)?$)/)?.[0] ?? '';
  const one = TYPE_TEXT[field.kind] ?? (isRight(field, inner) ? inner : `another ${field.kind}`);
  const text = field.isMap ? `Readonly<Record<string, ${one}>>` : `${one}${field.isRepeated ? '[]' : ''}`;
  return `${field.isRequired ? '' : '?'}${text}`;
}

function isRight(field: FieldPlan, name: string): boolean {
  if (field.kind === 'message') return namesOf(field.plan()).includes(name);
  const symbols = symbolsOf(name);
  return symbols !== null && symbols.join() === [...field.numberOf.keys()].sort().join();
}

/** `mesos.v1.scheduler.Call.Accept` is `SchedulerCallAccept`. */
function namesOf(plan: TypePlan): string[] {
  return PACKAGES.filter(({ space }) => plan.name.startsWith(`${space}.`)).flatMap(({ space, prefix }) => {
    const joined = plan.name.slice(space.length + 1).replaceAll('.', '');
    return [joined, `${prefix}${joined}`];
  });
}

function symbolsOf(name: string): string[] | null {
  const declaration = declarations.get(name);
  if (declaration === undefined || !ts.isTypeAliasDeclaration(declaration)) return null;
  const { type } = declaration;
  const members = ts.isUnionTypeNode(type) ? type.types : [type];
  return members.map((member) => member.getText().slice(1, -1)).sort();
}
