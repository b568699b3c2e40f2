/** Which mesolab this is. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };

export const VERSION: string = packageJson.version;

/** The commit that is checked out, for manifests; `null` where there is no git or no clone. */
export function gitCommit(): string | null {
  try {
    const options = { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' as const };
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      ...options,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
