/** The few questions that the comparison asks git. The repository is only read: what is written lies in a scratch folder. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../src/cluster/errors.ts';

/** Others' processes keep their locks; and a clone that another user made is read, since its code is run anyway. */
const ENVIRONMENT = {
  ...process.env,
  GIT_OPTIONAL_LOCKS: '0',
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'safe.directory',
  GIT_CONFIG_VALUE_0: '*',
};

/** Whether files below `folder` differ from the commit that is checked out, new ones included. */
export function hasUncommittedChanges(folder: string): boolean {
  return git(folder, ['status', '--porcelain']) !== '';
}

/** A repository that is checked out at `root`. */
export class Repository {
  readonly root: string;
  private readonly scratch: string;
  private readonly environment: NodeJS.ProcessEnv;

  /** @throws InputError OPTION_VALUE when there is no git, or `folder` is not in a repository. */
  constructor(folder: string, scratch: string) {
    this.root = git(folder, ['rev-parse', '--show-toplevel']);
    this.scratch = scratch;
    const objects = join(scratch, 'objects');
    mkdirSync(objects);
    const present = git(this.root, ['rev-parse', '--path-format=absolute', '--git-path', 'objects']);
    this.environment = { GIT_OBJECT_DIRECTORY: objects, GIT_ALTERNATE_OBJECT_DIRECTORIES: present };
  }

  /** The commit that `name` means; `null` if there is none. */
  commitOf(name: string): string | null {
    return this.parse(`${name}^{commit}`);
  }

  /** What stands at `path` in a commit or tree, as its hash; `null` if nothing does. */
  hashOf(tree: string, path: string): string | null {
    return this.parse(`${tree}:${path}`);
  }

  /** The working tree as it is now, new files included; made through a copy of the index, so that what is staged stays. */
  treeOfWorkingTree(): string {
    const index = join(this.scratch, 'index');
    const present = git(this.root, ['rev-parse', '--path-format=absolute', '--git-path', 'index']);
    if (existsSync(present)) copyFileSync(present, index);
    this.run(['add', '--all'], index);
    return this.run(['write-tree'], index);
  }

  /** Writes the files of a commit or tree into a new folder. */
  writeFiles(tree: string, folder: string): void {
    const index = `${folder}.index`;
    this.run(['read-tree', tree], index);
    this.run(['checkout-index', '--all', `--prefix=${folder}/`], index);
  }

  private parse(revision: string): string | null {
    const { status, stdout } = spawnSync(
      'git',
      ['rev-parse', '--verify', '--quiet', '--end-of-options', revision],
      { cwd: this.root, encoding: 'utf8', env: { ...ENVIRONMENT, ...this.environment } },
    );
    return status === 0 ? stdout.trim() : null;
  }

  private run(args: readonly string[], index: string): string {
    return git(this.root, args, { ...this.environment, GIT_INDEX_FILE: index });
  }
}

function git(folder: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): string {
  const { error, status, stdout, stderr } = spawnSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...ENVIRONMENT, ...environment },
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  if (error !== undefined) {
    throw new InputError(
      'OPTION_VALUE',
      `git can't be started (${error.message}); install it: the base is read from it`,
    );
  }
  if (status !== 0) {
    const why = stderr.trim().split('\n')[0];
    throw new InputError(
      'OPTION_VALUE',
      `git ${args[0]} failed (${why}); the comparison needs a clone of the project`,
      { file: folder },
    );
  }
  return stdout.trim();
}
