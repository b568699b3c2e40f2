/** Reads a YAML (or JSON) file of the user by a schema; what is wrong is said with line and column. */
import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type JSONSchemaType, type Schema } from 'ajv';
import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import { InputError } from '../cluster/errors.ts';
import { suggestion } from './nearest.ts';

const ajv = new Ajv({ allErrors: true, useDefaults: true, allowUnionTypes: true, verbose: true });

export interface ConfigFile<T> {
  readonly path: string;
  readonly value: T;
  /** An error about the value at a place, such as `['jobs', 0, 'after']`, for what a schema cannot say. */
  problem(at: readonly (string | number)[], message: string): InputError;
}

/** @throws InputError FILE_MISSING, FILE_UNREADABLE, CONFIG_INVALID */
export function readConfigFile<T>(path: string, schema: Schema | JSONSchemaType<T>): ConfigFile<T> {
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines });
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file: path, line, column: col };
  };
  const [syntax] = document.errors;
  if (syntax) throw new InputError('CONFIG_INVALID', syntax.message.split('\n')[0], placeAt(syntax.pos[0]));
  const problem = (at: readonly (string | number)[], message: string) =>
    new InputError('CONFIG_INVALID', message, placeAt(offsetOf(document, at)));
  const value = document.toJS() as T;
  const validate = ajv.compile(schema);
  if (!validate(value)) {
    const error = mostTelling(validate.errors!);
    const at = error.instancePath.split('/').slice(1).map(unescapePointer);
    throw problem(error.keyword === 'additionalProperties' ? [...at, unknownKey(error)] : at, explain(error));
  }
  return { path, value, problem };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new InputError('FILE_MISSING', 'does not exist', { file: path });
    throw new InputError('FILE_UNREADABLE', `cannot be read (${code})`, { file: path });
  }
}

/** Of the node itself, of its key where the key is what is wrong, or of what is there of the way to it. */
function offsetOf(document: Document, at: readonly (string | number)[]): number {
  const parent = at.length > 0 ? document.getIn(at.slice(0, -1), true) : null;
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => String(key) === String(at.at(-1)));
    if (isNode(pair?.key)) return pair.key.range![0];
  }
  const node = document.getIn(at, true);
  if (isNode(node)) return node.range![0];
  return at.length > 0 ? offsetOf(document, at.slice(0, -1)) : 0;
}

/** Of alternatives that all fail, the deepest says most; a key that nobody knows is likely a slip. */
function mostTelling(errors: readonly ErrorObject[]): ErrorObject {
  const depth = ({ instancePath }: ErrorObject) => instancePath.split('/').length;
  return (
    errors.find(({ keyword }) => keyword === 'additionalProperties') ??
    errors.reduce((best, error) => (depth(error) > depth(best) ? error : best))
  );
}

const unescapePointer = (part: string): string | number =>
  /^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~');

const unknownKey = (error: ErrorObject): string =>
  (error.params as { additionalProperty: string }).additionalProperty;

function explain(error: ErrorObject): string {
  const name = error.instancePath === '' ? 'the file' : error.instancePath.slice(1).replaceAll('/', '.');
  const found = JSON.stringify(error.data)?.slice(0, 60);
  switch (error.keyword) {
    case 'additionalProperties': {
      const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {});
      return `${name} has no "${unknownKey(error)}"${suggestion(unknownKey(error), known)}; known are ${known.join(', ')}`;
    }
    case 'required':
      return `${name} lacks "${(error.params as { missingProperty: string }).missingProperty}"`;
    case 'enum':
      return `${name} is ${found}; expected one of ${(error.params as { allowedValues: unknown[] }).allowedValues.join(', ')}`;
    default:
      return `${name} is ${found}; it ${error.message}`;
  }
}
