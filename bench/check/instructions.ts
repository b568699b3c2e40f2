/** How many instructions the native engine's kernels take on both sides, by valgrind: the opinion that no noise touches. */
import { execFileSync, spawnSync } from 'node:child_process';
import type { Side } from './interleaving.ts';
import { runUntil } from './run-until.ts';
import type { Verdict } from './verdict.ts';

export interface InstructionCount {
  readonly kernel: string;
  readonly base: number;
  readonly change: number;
  /** Change ÷ base. */
  readonly ratio: number;
  readonly verdict: Verdict;
}

/** Counts of the same program are equal to one in a million, so nothing is repeated. */
const COUNT = ['--tool=cachegrind', '--cache-sim=no', '--cachegrind-out-file=/dev/null'];

export function hasValgrind(): boolean {
  return spawnSync('valgrind', ['--version']).status === 0;
}

/**
 * Of the kernels that both programs have.
 * @param endMs counting ends by then: the kernels that are left are left out
 * @throws Error when a kernel fails
 */
export async function countInstructions(
  programs: Readonly<Record<Side, string>>,
  threshold: number,
  endMs: number,
): Promise<InstructionCount[]> {
  const ofBase = kernelNames(programs.base);
  const counts: InstructionCount[] = [];
  for (const kernel of kernelNames(programs.change).filter((name) => ofBase.includes(name))) {
    if (performance.now() > endMs) break;
    const base = await count(programs.base, kernel, endMs);
    // One program, kept for both sides since their sources are equal, has one count.
    const change = programs.change === programs.base ? base : await count(programs.change, kernel, endMs);
    if (base === null || change === null) break;
    const ratio = change / base;
    counts.push({ kernel, base, change, ratio, verdict: verdictOf(ratio, threshold) });
  }
  return counts;
}

function verdictOf(ratio: number, threshold: number): Verdict {
  if (ratio > 1 + threshold) return 'slower';
  return ratio < 1 / (1 + threshold) ? 'faster' : 'equal';
}

function kernelNames(program: string): string[] {
  return execFileSync(program, { encoding: 'utf8' }).trim().split('\n');
}

/** `null`: time ran out. */
async function count(program: string, kernel: string, endMs: number): Promise<number | null> {
  const { failure, stderr } = await runUntil(endMs, 'valgrind', [...COUNT, program, kernel], '.');
  if (failure !== null && performance.now() >= endMs) return null;
  const found = /I\s+refs:\s+([\d,]+)/.exec(stderr);
  if (failure !== null || found === null) throw new Error(`valgrind of "${kernel}" failed: ${stderr}`);
  return Number(found[1].replaceAll(',', ''));
}
