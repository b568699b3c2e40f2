/**
 * Resource quantities. Every amount in mesolab is an integer in thousandths of the natural unit (Mesos's own
 * fixed point): CPU cores, MiB of memory and disk, GPU devices, Mbit/s of network. Sums of such integers are
 * exact in a double below 2^53, so one division gives the same share in TypeScript and in Rust.
 */

/** Thousandths in one natural unit. */
export const MILLI = 1000;

/** The resources that every trace and chart knows, in their canonical column order; others follow by name. */
export const CANONICAL_RESOURCES = ['cpus', 'mem', 'disk', 'gpus', 'network'] as const;

/** Natural units, for axis titles and tables; resources not listed here are plain counts. */
export const RESOURCE_UNITS: Readonly<Record<string, string>> = {
  cpus: 'cores',
  mem: 'MiB',
  disk: 'MiB',
  gpus: 'devices',
  network: 'Mbit/s',
};

/** Resource amounts by name, in natural units (cores, MiB, devices, Mbit/s). */
export type ResourceAmounts = Readonly<Record<string, number>>;

/** Natural units to integer thousandths, rounded to the nearest. */
export function toMilli(amount: number): number {
  return Math.round(amount * MILLI);
}

/** Canonical resources first, then the others by name. */
export function sortResources(names: Iterable<string>): string[] {
  const rank = (name: string) => {
    const index = (CANONICAL_RESOURCES as readonly string[]).indexOf(name);
    return index < 0 ? CANONICAL_RESOURCES.length : index;
  };
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || compareText(a, b));
}

/** Order by UTF-16 code units: the same on every machine and in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
