/** The documentation as a site: pages made from the program are up to date, all are reached, and it is built without a network. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import config from '../../docs/.vitepress/config.ts';
import { referencePages } from '../../docs/.vitepress/reference.ts';
import { COLUMN_TYPES, TABLE_NAMES, tableFile } from '../../src/results/table-columns.ts';

const HOME = join(import.meta.dirname, '../..');
const BUILT = join(HOME, 'dist/docs');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};

describe('the pages', () => {
  it.each(Object.entries(referencePages()))('%s says what the program does', (name, text) => {
    expect(readFileSync(join(HOME, 'docs/reference', name), 'utf8')).toBe(text);
  });

  it('of run folders names every column', () => {
    const page = readFileSync(join(HOME, 'docs/reference/run-folders.md'), 'utf8');
    for (const table of TABLE_NAMES) {
      const row = page.split('\n').find((line) => line.startsWith(`| ${tableFile(table)}`))!;
      for (const column of Object.keys(COLUMN_TYPES[table])) expect(row).toContain(column);
    }
  });

  it('are all in the sidebar, which names no other', () => {
    const groups = config.themeConfig!.sidebar as readonly { items: readonly { link: string }[] }[];
    const linked = groups.flatMap(({ items }) => items.map(({ link }) => `${link.slice(1)}.md`));
    const pages = globSync(['*.md', 'reference/*.md'], { cwd: join(HOME, 'docs') });
    expect(linked.sort()).toEqual(pages.filter((page) => page !== 'index.md').sort());
  });
});

const isSkipped = !existsSync('/usr/bin/chromium') && process.env.CI !== 'true';

describe.skipIf(isSkipped)('the site', () => {
  let server: Server;
  beforeAll(async () => {
    // It fails where a link leads nowhere.
    await promisify(execFile)('npm', ['run', 'docs'], { cwd: HOME });
    server = createServer((request, response) => {
      const file = join(BUILT, decodeURI(new URL(request.url!, 'http://localhost').pathname));
      if (!existsSync(file)) return response.writeHead(404).end();
      return response
        .writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
        .end(readFileSync(file));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }, 120_000);
  afterAll(() => server?.close());

  it('is read and searched without a network', { timeout: 60_000 }, async () => {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    });
    try {
      const page = await browser.newPage();
      const problems: string[] = [];
      await page.route('**/*', (route) => {
        if (route.request().url().startsWith(origin)) return route.continue();
        problems.push(route.request().url());
        return route.abort();
      });
      page.on('pageerror', (error) => problems.push(String(error)));
      await page.goto(`${origin}/reference/commands.html`);
      await page.getByRole('heading', { name: 'mesolab simulate' }).first().waitFor();
      await page.getByRole('button', { name: 'Search' }).first().click();
      await page.getByRole('searchbox').fill('bounded slowdown');
      await page.getByRole('option').filter({ hasText: 'Metrics' }).first().waitFor();
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
