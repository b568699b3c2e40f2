/** Which entries an archive may have: none is outside its folder, or gets there by a link of its own. */
import { lstatSync } from 'node:fs';
import { isAbsolute, normalize } from 'node:path';

export class EntryRules {
  private readonly folder: string;
  private readonly made = new Set<string>();
  private readonly links = new Set<string>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** @throws Error */
  add(path: string): string {
    if (isAbsolute(path) || /^[A-Za-z]:|\\|\0/.test(path) || path.split('/').includes('..'))
      throw this.climbs(path);
    const normal = normalize(path).replace(/\/$/, '');
    const parts = normal.split('/');
    for (let end = 1; end < parts.length; end++)
      if (this.isLink(parts.slice(0, end).join('/'))) throw this.climbs(path);
    // What a link led to may not be written through it.
    if (this.links.delete(normal)) throw this.climbs(path);
    if (normal !== '.')
      for (let end = 1; end <= parts.length; end++)
        this.made.add(`${this.folder}/${parts.slice(0, end).join('/')}`);
    return normal;
  }

  /** @throws Error where its target is elsewhere; one that goes up again after it went down may be, by another link */
  addLink(path: string, target: string): void {
    const name = this.add(path);
    const parts = target.split('/').filter((part) => part !== '' && part !== '.');
    const ups = parts.findIndex((part) => part !== '..');
    const upCount = ups === -1 ? parts.length : ups;
    const depth = name.split('/').length - 1;
    if (isAbsolute(target) || target === '' || upCount > depth || parts.lastIndexOf('..') >= upCount)
      throw this.climbs(path, target);
    this.links.add(name);
  }

  /** @throws Error */
  addHardLink(path: string, target: string): void {
    if (isAbsolute(target) || target.split('/').includes('..') || this.passesLink(target))
      throw this.climbs(path, target);
    this.add(path);
  }

  /** With the folders that they are in. */
  paths(): readonly string[] {
    return [...this.made];
  }

  private passesLink(path: string): boolean {
    const parts = normalize(path).split('/');
    return parts.some((_, end) => this.isLink(parts.slice(0, end + 1).join('/')));
  }

  /** Of this archive, or of what was in the folder before. */
  private isLink(path: string): boolean {
    return (
      this.links.has(path) ||
      lstatSync(`${this.folder}/${path}`, { throwIfNoEntry: false })?.isSymbolicLink() === true
    );
  }

  private climbs(path: string, target?: string): Error {
    const what = target === undefined ? '' : `, a link to ${JSON.stringify(target)},`;
    return new Error(`the archive is refused: entry ${JSON.stringify(path)}${what} leads out of its folder`);
  }
}
