/** Loads a policy from a user's own file, as in `--policy ./mine.ts`. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../../cluster/errors.ts';
import type { PolicyFile } from '../../master/journal.ts';
import type { Policy } from '../../policies/policy.ts';
import { POLICY_PARTS } from '../../policies/registry.ts';
import { suggestion } from '../nearest.ts';

/** Whether a `--policy` item is a path rather than the name of a built-in policy. */
export function isPolicyPath(item: string): boolean {
  return /[/\\]/.test(item.split(':')[0]) || /\.[cm]?[jt]s$/.test(item);
}

/** A policy and, where a file of the user made it, which file: the digest is of that file, not of what it imports. */
export interface ChosenPolicy {
  readonly policy: Policy;
  readonly file?: PolicyFile;
}

/**
 * Imports the policy that a module exports as default or as `policy`.
 * @throws InputError FILE_MISSING, FILE_IS_DIRECTORY, POLICY_INVALID
 */
export async function loadPolicyFile(path: string): Promise<Required<ChosenPolicy>> {
  const found = await stat(path).catch(() => null);
  if (!found)
    throw new InputError('FILE_MISSING', 'does not exist; expected a module with a policy', { file: path });
  if (found.isDirectory()) {
    throw new InputError('FILE_IS_DIRECTORY', 'is a folder; expected a module with a policy', { file: path });
  }
  const digest = digestOf(path);
  const module = await importModule(path);
  const policy = module.policy ?? module.default;
  if (policy === undefined) {
    throw invalid(path, 'exports no policy; expected "export const policy: Policy = { … }"');
  }
  return { policy: checkPolicy(path, policy), file: { path, digest } };
}

export function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw invalid(path, `can't be loaded: ${error instanceof Error ? error.message : error}`);
  }
}

const FUNCTIONS_OF_ORDER = {
  jobs: { required: [], optional: ['key'] },
  roles: { required: ['key'], optional: ['prepare'] },
  tasks: { required: ['score'], optional: [] },
} as const;

const FIELDS = ['name', 'title', 'source', 'order', ...Object.keys(POLICY_PARTS)];

function checkPolicy(path: string, policy: unknown): Policy {
  if (typeof policy !== 'object' || policy === null)
    throw invalid(path, 'exports a policy that is no object');
  const fields = policy as Record<string, unknown>;
  for (const field of ['name', 'title', 'source']) {
    if (typeof fields[field] !== 'string' || fields[field] === '') {
      throw invalid(path, `the policy's "${field}" is ${show(fields[field])}; expected a text`);
    }
  }
  for (const field of Object.keys(fields)) {
    if (!FIELDS.includes(field)) {
      throw invalid(path, `the policy has the unknown field "${field}"${suggestion(field, FIELDS)}`);
    }
  }
  for (const [field, choices] of Object.entries<readonly string[]>(POLICY_PARTS)) {
    const value = fields[field];
    if (field === 'fit' && typeof value === 'object' && value !== null) {
      checkFit(path, value as Record<string, unknown>);
    } else if (value !== undefined && !choices.includes(value as string)) {
      throw invalid(path, `the policy's "${field}" is ${show(value)}; expected one of ${choices.join(', ')}`);
    }
  }
  checkOrder(path, fields.order);
  return policy as Policy;
}

function checkFit(path: string, { name, score }: Record<string, unknown>): void {
  if (typeof name !== 'string' || name === '')
    throw invalid(path, `the policy's "fit.name" is ${show(name)}; expected a text`);
  if (typeof score !== 'function')
    throw invalid(path, `the policy's "fit.score" is ${show(score)}; expected a function`);
}

function checkOrder(path: string, order: unknown): void {
  const fields = (typeof order === 'object' && order !== null ? order : {}) as Record<string, unknown>;
  const functions = FUNCTIONS_OF_ORDER[fields.kind as keyof typeof FUNCTIONS_OF_ORDER];
  if (!functions) {
    throw invalid(
      path,
      `the policy's "order.kind" is ${show(fields.kind)}; expected one of jobs, roles, tasks`,
    );
  }
  for (const name of [...functions.required, ...functions.optional]) {
    const isLeftOut = fields[name] === undefined && (functions.optional as readonly string[]).includes(name);
    if (!isLeftOut && typeof fields[name] !== 'function') {
      throw invalid(path, `the policy's "order.${name}" is ${show(fields[name])}; expected a function`);
    }
  }
  if (fields.kind === 'tasks' && !(Number.isInteger(fields.window) && (fields.window as number) > 0)) {
    throw invalid(
      path,
      `the policy's "order.window" is ${show(fields.window)}; expected a whole number above 0`,
    );
  }
  if (fields.tree !== undefined && fields.tree !== 'sum' && fields.tree !== 'hdrf') {
    throw invalid(path, `the policy's "order.tree" is ${show(fields.tree)}; expected sum or hdrf`);
  }
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  return typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value));
}

function invalid(path: string, message: string): InputError {
  return new InputError('POLICY_INVALID', `${message}; docs/writing-a-policy.md shows how`, { file: path });
}
