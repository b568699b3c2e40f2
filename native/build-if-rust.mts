/**
 * Before the tests: builds the native engine where Rust is installed. Without it the tests of that engine are skipped,
 * but for continuous integration, where they fail.
 */
import { spawnSync } from 'node:child_process';

const without = 'the tests of the native engine are skipped';
if (spawnSync('cargo', ['--version']).error) {
  process.stdout.write(`no Rust here: ${without}\n`);
} else {
  const shell = process.platform === 'win32';
  const { status } = spawnSync('npm', ['run', '--silent', 'build:native'], { stdio: 'inherit', shell });
  if (status !== 0) process.stdout.write(`the native engine could not be built (Rust ≥ 1.88?): ${without}\n`);
}
