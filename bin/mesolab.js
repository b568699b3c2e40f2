#!/usr/bin/env node
/**
 * Starts mesolab under a Node that can run it: this one if it is new enough, else the one that `npm ci` has put into
 * node_modules. Plain JavaScript for old Nodes; docs/decisions/001-node-version.md tells why.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 26;

const root = fileURLToPath(new URL('..', import.meta.url));
const launcher = fileURLToPath(import.meta.url);
const pinned = fileURLToPath(
  new URL(`../node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`, import.meta.url),
);

if (Number(process.versions.node.split('.')[0]) >= OLDEST_MAJOR) {
  // The next start need not compile it all again.
  nodeModule.enableCompileCache();
  await import(new URL('../src/cli/main.ts', import.meta.url).href);
} else if (existsSync(pinned)) {
  startUnder(pinned);
} else {
  process.stderr.write(
    `mesolab needs Node ${OLDEST_MAJOR} or newer, this is ${process.version}; run "npm ci" in ${root} to get one, or install it\n`,
  );
  process.exitCode = 2;
}

/** Runs the program as a child that shares the terminal, and ends as the child ends. */
function startUnder(node) {
  const child = spawn(node, [launcher, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`mesolab can't start ${node}: ${error.message}; run "npm ci" in ${root} again\n`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}
