/** The figures of /metrics/snapshot as Prometheus reads them (text format 0.0.4): what a name says of a framework or role becomes labels. */
import { type Reading, textReading } from './reading.ts';

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Names whose parts are labels. */
const LABELLED: readonly { readonly pattern: RegExp; readonly metric: string }[] = [
  {
    pattern: /^master\/frameworks\/(?<framework>[^/]*)\/(?<id>[^/]*)\/(?<rest>.+)$/,
    metric: 'master_framework',
  },
  {
    pattern: /^allocator\/mesos\/quota\/roles\/(?<role>.+)\/resources\/(?<resource>[^/]+)\/(?<rest>[^/]+)$/,
    metric: 'allocator_quota',
  },
  {
    pattern: /^allocator\/mesos\/offer_filters\/roles\/(?<role>.+)\/(?<rest>active)$/,
    metric: 'allocator_offer_filters',
  },
  { pattern: /^allocator\/mesos\/roles\/(?<role>.+)\/(?<rest>shares\/dominant)$/, metric: 'allocator_role' },
  {
    pattern: /^allocator\/mesos\/resources\/(?<resource>[^/]+)\/(?<rest>[^/]+)$/,
    metric: 'allocator_resources',
  },
];

export function prometheusReading(figures: Iterable<readonly [string, number | undefined]>): Reading {
  return { ...textReading(200, prometheusText(figures)), contentType: CONTENT_TYPE };
}

/** Samples of one metric stand together, as the format wants it. */
export function prometheusText(figures: Iterable<readonly [string, number | undefined]>): string {
  const samples = new Map<string, string[]>();
  for (const [name, value] of figures) {
    if (value === undefined || !Number.isFinite(value)) continue;
    const { metric, labels } = sampleOf(name);
    const lines = samples.get(metric) ?? [];
    samples.set(metric, lines);
    lines.push(`${metric}${labels} ${value}`);
  }
  return Array.from(samples, ([metric, lines]) => `# TYPE ${metric} untyped\n${lines.join('\n')}\n`).join('');
}

function sampleOf(name: string): { readonly metric: string; readonly labels: string } {
  for (const { pattern, metric } of LABELLED) {
    const groups = pattern.exec(name)?.groups;
    if (groups === undefined) continue;
    const { rest, ...labels } = groups;
    const text = Object.entries(labels).map(
      ([label, value]) => `${label}="${escaped(decodeURIComponent(value))}"`,
    );
    return { metric: metricName(`${metric}_${rest}`), labels: `{${text.join(',')}}` };
  }
  return { metric: metricName(name), labels: '' };
}

const metricName = (name: string) => `mesolab_${name.replaceAll(/[^a-zA-Z0-9_]+/g, '_')}`;

const escaped = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
