/** A Vite plugin: what Notebook Kit would load from a content delivery network comes from node_modules. */
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);

/** `https://…/npm/NAME/+esm` as JavaScript imports it, or a file of a package as style sheets do. */
const FROM_NETWORK =
  /https:\/\/cdn\.jsdelivr\.net\/npm\/((?:@[\w.-]+\/)?[\w.-]+)(@[\w.-]+)?((?:\/(?!\+esm)[\w.-]+)*)(?:\/\+esm)?/g;

/** Packages that are not installed stay where they are: notebooks that use them need the network. */
export function offline(): Plugin {
  return {
    name: 'mesolab-offline',
    enforce: 'pre',
    transform(code) {
      if (!code.includes('https://cdn.jsdelivr.net/npm/')) return null;
      return { code: fromHere(code), map: null };
    },
    transformIndexHtml: { order: 'post', handler: fromHere },
  };
}

export function fromHere(code: string): string {
  return code.replaceAll(FROM_NETWORK, (whole, name: string, _range, path: string) =>
    isInstalled(name) ? `${name}${path}` : whole,
  );
}

function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}
