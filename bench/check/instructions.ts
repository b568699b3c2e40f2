/**
 * Instructions of the native kernels (native/src/kernels.rs), counted by valgrind: a second opinion without noise. Two
 * commits with the same Rust sources are not counted.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Repository } from './git.ts';

export interface InstructionCount {
  readonly kernel: string;
  readonly base: number;
  readonly change: number;
}

export interface Side {
  readonly commit: string;
  readonly folder: string;
}

/** Without the whole program's optimisation, which takes a minute: kernels are single files. */
const QUICK_BUILD = ['--config', 'profile.release.lto=false', '--config', 'profile.release.codegen-units=16'];

/** @returns the counts of kernels that both commits have, or why there are none */
export function countInstructions(
  repository: Repository,
  base: Side,
  change: Side,
  targetFolder: string,
): readonly InstructionCount[] | string {
  const hashes = [base, change].map(({ commit }) => repository.hashOf(commit, 'native'));
  if (hashes[0] === hashes[1]) return 'the native sources are the same';
  if (spawnSync('valgrind', ['--version']).error)
    return 'valgrind is not installed (apt-get install valgrind)';
  // Cargo takes sources at another path for the same, if they are no younger: each has a target folder of its own.
  const counts = [base, change].map(({ folder }, side) =>
    countsOf(folder, join(targetFolder, hashes[side] ?? 'none')),
  );
  const [ofBase, ofChange] = counts;
  if (typeof ofBase === 'string') return `the base: ${ofBase}`;
  if (typeof ofChange === 'string') return `the change: ${ofChange}`;
  const shared = [...ofChange].filter(([kernel]) => ofBase.has(kernel));
  if (shared.length === 0) return 'the base has no kernels to count';
  return shared.map(([kernel, count]) => ({ kernel, base: ofBase.get(kernel)!, change: count }));
}

/** By kernel; or why they cannot be counted. */
function countsOf(folder: string, targetFolder: string): ReadonlyMap<string, number> | string {
  const built = spawnSync(
    'cargo',
    ['test', '--release', '--no-run', '--message-format', 'json', ...QUICK_BUILD],
    {
      cwd: join(folder, 'native'),
      encoding: 'utf8',
      env: { ...process.env, CARGO_TARGET_DIR: targetFolder },
      maxBuffer: 1 << 28,
    },
  );
  if (built.status !== 0) return 'its tests cannot be built';
  const executable = built.stdout
    .split('\n')
    .filter((line) => line.includes('"compiler-artifact"') && line.includes('"test":true'))
    .map((line) => (JSON.parse(line) as { readonly executable: string | null }).executable)
    .find((path) => path !== null);
  if (executable === undefined) return 'it has no tests';
  const listed = spawnSync(executable!, ['kernels::', '--ignored', '--list'], { encoding: 'utf8' });
  const kernels = [...listed.stdout.matchAll(/^(kernels::\w+): test$/gm)].map((match) => match[1]);
  return new Map(kernels.map((kernel) => [kernel, instructionsOf(executable!, kernel)]));
}

function instructionsOf(executable: string, kernel: string): number {
  const options = ['--tool=cachegrind', '--cache-sim=no', '--cachegrind-out-file=/dev/null'];
  const { stderr } = spawnSync('valgrind', [...options, executable, kernel, '--ignored', '--exact'], {
    encoding: 'utf8',
  });
  const match = /I\s+refs:\s+([\d,]+)/.exec(stderr);
  if (match === null) throw new Error(`valgrind counted no instructions of ${kernel}: ${stderr.slice(-400)}`);
  return Number(match[1].replaceAll(',', ''));
}
