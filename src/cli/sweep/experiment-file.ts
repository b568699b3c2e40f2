/** Experiment files: what `mesolab sweep` runs (docs/experiments.md). */
import { statSync } from 'node:fs';
import type { Experiment } from '../../experiments/experiment.ts';
import { JOB_FIGURES, RUN_FIGURES } from '../../experiments/figures.ts';
import { workloadModels } from '../../workload/generate/models.ts';
import { readConfigFile } from '../config-file.ts';

const VALUE = { type: ['string', 'number', 'boolean'] };
const OPTIONS = {
  type: 'object',
  additionalProperties: { anyOf: [VALUE, { type: 'array', minItems: 1, items: VALUE }] },
};
/** Set by the sweep itself. */
const OWN_OPTIONS = ['policy', 'seed', 'out', 'json', 'workers'];

const SCHEMA = {
  type: 'object',
  required: ['name', 'traces', 'policies'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1 },
    traces: {
      type: 'array',
      minItems: 1,
      items: {
        anyOf: [
          { type: 'string', minLength: 1 },
          {
            type: 'object',
            additionalProperties: false,
            properties: {
              name: { type: 'string', minLength: 1 },
              trace: { type: 'string', minLength: 1 },
              generate: { enum: workloadModels.map(({ name }) => name) },
              options: OPTIONS,
            },
          },
        ],
      },
    },
    policies: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', minLength: 1 } },
    options: OPTIONS,
    matrix: {
      type: 'object',
      additionalProperties: {
        type: 'array',
        minItems: 1,
        items: { type: ['string', 'number', 'boolean', 'null'] },
      },
    },
    seed: { type: ['string', 'integer'], default: 1 },
    replications: {
      type: 'object',
      additionalProperties: false,
      default: {},
      properties: {
        count: { type: 'integer', minimum: 1, default: 5 },
        precision: { type: 'number', exclusiveMinimum: 0 },
        metric: { enum: [...JOB_FIGURES, ...RUN_FIGURES], default: 'waitMean' },
        max: { type: 'integer', minimum: 1, default: 50 },
      },
    },
    statistics: {
      type: 'object',
      additionalProperties: false,
      default: {},
      properties: {
        confidence: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1, default: 0.95 },
        warmUpSeconds: { anyOf: [{ const: 'auto' }, { type: 'number', minimum: 0 }], default: 0 },
        metrics: {
          type: 'array',
          minItems: 1,
          items: { type: 'string' },
          default: ['waitMean', 'waitP99', 'slowdownMean', 'makespan'],
        },
      },
    },
  },
};

/** @throws InputError with the place in the file */
export function readExperiment(path: string): Experiment {
  const { value, problem } = readConfigFile<Experiment>(path, SCHEMA);
  for (const [index, entry] of value.traces.entries()) {
    const at = ['traces', index];
    if (typeof entry !== 'string' && (entry.trace === undefined) === (entry.generate === undefined))
      throw problem(at, 'a trace has either "trace", a path, or "generate", a preset');
    const trace = typeof entry === 'string' ? entry : entry.trace;
    if (trace !== undefined && statSync(trace, { throwIfNoEntry: false }) === undefined)
      throw problem(
        at,
        `there is no trace at ${trace}; paths are those of the folder that the command runs in`,
      );
  }
  for (const section of ['options', 'matrix'] as const)
    for (const name of Object.keys(value[section] ?? {}))
      if (OWN_OPTIONS.includes(name))
        throw problem(
          [section, name],
          `"${name}" is set by the sweep: policies, seed and replications say it`,
        );
  for (const name of Object.keys(value.matrix ?? {}))
    if (value.options?.[name] !== undefined)
      throw problem(
        ['matrix', name],
        `"${name}" is in the options, too; what is varied stands in the matrix only`,
      );
  if (value.replications.precision !== undefined && value.replications.count < 2)
    throw problem(['replications', 'count'], 'a precision needs two replications or more to begin with');
  if (value.replications.max < value.replications.count)
    throw problem(
      ['replications', 'max'],
      `max is ${value.replications.max}, below the count of ${value.replications.count}`,
    );
  const precise = value.replications.metric;
  if (value.replications.precision !== undefined && !value.statistics.metrics.includes(precise))
    throw problem(
      ['replications', 'metric'],
      `"${precise}" is not among the statistics' metrics; add it there`,
    );
  return value;
}
