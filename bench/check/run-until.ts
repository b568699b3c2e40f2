/** Runs a command, and whatever it starts, until a moment at most. */
import { spawn } from 'node:child_process';

export interface Run {
  /** `null`: it succeeded; else the reason, in one line. */
  readonly failure: string | null;
  readonly stderr: string;
}

/** @param endMs by `performance.now()` */
export function runUntil(
  endMs: number,
  command: string,
  args: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Run> {
  return new Promise((resolve) => {
    // A process group of its own: a build is a tree of processes, which must end together.
    const child = spawn(command, args, {
      cwd: folder,
      detached: true,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    let isLate = false;
    const kill = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    };
    const timer = setTimeout(
      () => {
        isLate = true;
        kill();
      },
      Math.max(0, endMs - performance.now()),
    );
    const settle = (failure: string | null) => {
      clearTimeout(timer);
      process.off('exit', kill);
      resolve({ failure, stderr });
    };
    process.once('exit', kill);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', (error) => settle(error.message));
    child.once('close', (code) => {
      if (isLate) settle('it takes longer than there is time for (more with --minutes)');
      else settle(code === 0 ? null : (stderr.trim().split('\n').at(-1) ?? `exit code ${code}`));
    });
  });
}
