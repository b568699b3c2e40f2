/** The few questions that the comparison asks git. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../src/cluster/errors.ts';

/** A repository that is checked out at `root`. */
export class Repository {
  readonly root: string;

  /** @throws InputError OPTION_VALUE when there is no git, or `folder` is not in a repository. */
  constructor(folder: string) {
    const { error, status, stdout } = spawnSync('git', ['rev-parse', '--show-toplevel'], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (error !== undefined) {
      throw new InputError(
        'OPTION_VALUE',
        `git can't be started (${error.message}); install it: the base is read from it`,
      );
    }
    if (status !== 0) {
      throw new InputError(
        'OPTION_VALUE',
        'is not in a git repository; clone the project instead of copying it',
        {
          file: folder,
        },
      );
    }
    this.root = stdout.trim();
  }

  /** The commit that `name` means; `null` if there is none. */
  commitOf(name: string): string | null {
    const { status, stdout } = spawnSync(
      'git',
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
      {
        cwd: this.root,
        encoding: 'utf8',
      },
    );
    return status === 0 ? stdout.trim() : null;
  }

  isDirty(): boolean {
    return this.run(['status', '--porcelain']) !== '';
  }

  /** What stands at `path` in a commit, as its hash; `null` if nothing does. */
  hashOf(commit: string, path: string): string | null {
    const { status, stdout } = spawnSync('git', ['rev-parse', '--verify', '--quiet', `${commit}:${path}`], {
      cwd: this.root,
      encoding: 'utf8',
    });
    return status === 0 ? stdout.trim() : null;
  }

  /**
   * A commit of the working tree as it is now, new files included, on no branch; HEAD itself if nothing differs.
   * It is made through a copy of the index, so that what is staged stays as it is.
   */
  commitOfWorkingTree(scratchFolder: string): string {
    if (!this.isDirty()) return this.run(['rev-parse', 'HEAD']);
    const index = join(scratchFolder, 'index');
    const present = join(this.run(['rev-parse', '--absolute-git-dir']), 'index');
    if (existsSync(present)) copyFileSync(present, index);
    const environment = { GIT_INDEX_FILE: index };
    this.run(['add', '--all'], environment);
    const tree = this.run(['write-tree'], environment);
    const author = {
      GIT_AUTHOR_NAME: 'bench',
      GIT_AUTHOR_EMAIL: 'bench',
      GIT_COMMITTER_NAME: 'bench',
      GIT_COMMITTER_EMAIL: 'bench',
    };
    return this.run(['commit-tree', tree, '-p', 'HEAD', '-m', 'working tree'], author);
  }

  addWorktree(path: string, commit: string): void {
    this.run(['worktree', 'add', '--quiet', '--detach', path, commit]);
  }

  /** Also where the worktree was only half made. */
  removeWorktree(path: string): void {
    spawnSync('git', ['worktree', 'remove', '--force', path], { cwd: this.root, stdio: 'ignore' });
    rmSync(path, { recursive: true, force: true });
    spawnSync('git', ['worktree', 'prune'], { cwd: this.root, stdio: 'ignore' });
  }

  private run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): string {
    return execFileSync('git', args, {
      cwd: this.root,
      encoding: 'utf8',
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    }).trim();
  }
}
