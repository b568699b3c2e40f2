/** In what runs differ besides the policy: figures of such runs are not of the same experiment. */
import { usToSeconds } from '../cluster/time.ts';
import { formatSeconds } from '../metrics/format-values.ts';
import type { Manifest } from './run.ts';

export interface RunDifference {
  /** What differs, as in "trace" or "option load". */
  readonly what: string;
  /** Its value in each run, in the order of the runs. */
  readonly values: readonly string[];
}

/** What tells the same thing as another entry, or is meant to differ. */
const NOT_COMPARED = ['policy', 'seed', 'cluster', 'check'];
const IN_MICROSECONDS = /Us$/;

type RunFacts = Pick<Manifest, 'trace' | 'seed' | 'version' | 'options' | 'policy' | 'policyFile'>;

/** Empty where runs differ in nothing but their policies. */
export function runDifferences(manifests: readonly RunFacts[]): RunDifference[] {
  const differences: RunDifference[] = [];
  const look = (what: string, show: (manifest: RunFacts) => string) => {
    const values = manifests.map(show);
    if (new Set(values).size > 1) differences.push({ what, values });
  };
  look('trace', ({ trace }) => `${trace.name} (${trace.digest.slice(0, 12)})`);
  look('seed', ({ seed }) => seed);
  for (const option of optionNames(manifests)) {
    look(optionLabel(option), ({ options }) => optionText(option, options));
  }
  look('version', ({ version }) => version);
  for (const policy of new Set(manifests.map(({ policy }) => policy))) {
    const ofPolicy = manifests.filter((manifest) => manifest.policy === policy);
    if (new Set(ofPolicy.map(({ policyFile }) => policyFile?.digest)).size > 1)
      look(`file of policy ${policy}`, (manifest) => (manifest.policy === policy ? fileText(manifest) : '–'));
  }
  return differences;
}

/** `option load: 1 (fifo), 1.2 (drf)`. @param names of the runs */
export function differenceText({ what, values }: RunDifference, names: readonly string[]): string {
  const distinct = [...new Set(values)];
  const groups = distinct.map(
    (value) => `${value} (${names.filter((_, run) => values[run] === value).join(', ')})`,
  );
  return `${what}: ${groups.join(', ')}`;
}

function optionNames(manifests: readonly RunFacts[]): string[] {
  const names = new Set(manifests.flatMap(({ options }) => Object.keys(options)));
  return [...names].filter((name) => !NOT_COMPARED.includes(name)).sort();
}

function optionLabel(name: string): string {
  return name === 'clusterDigest' ? 'cluster file' : `option ${name.replace(IN_MICROSECONDS, '')}`;
}

function optionText(name: string, options: Manifest['options']): string {
  const value = options[name];
  if (value === undefined || value === null) return 'not given';
  if (name === 'clusterDigest') return `${options.cluster} (${String(value).slice(0, 12)})`;
  if (IN_MICROSECONDS.test(name)) return formatSeconds(usToSeconds(Number(value)));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function fileText({ policyFile }: RunFacts): string {
  return policyFile ? `${policyFile.path} (${policyFile.digest.slice(0, 12)})` : 'built in';
}
