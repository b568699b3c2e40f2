/** An OpenAPI description of a daemon's HTTP API: the v1 calls out of the schema of their messages, and what is read by GET. */
import type { FieldPlan, TypePlan } from '../wire/type-plan.ts';
import { planOf } from '../wire/type-plan.ts';

type Json = Readonly<Record<string, unknown>>;

export interface DescribedCall {
  readonly path: string;
  readonly summary: string;
  /** Full names of messages; `null`: no body. */
  readonly call: string;
  readonly answer: string | null;
  /** Of the records of the stream that some calls are answered with; `null`: none is. */
  readonly event: string | null;
}

export interface DescribedRead {
  readonly path: string;
  readonly summary: string;
}

const MEDIA = ['application/json', 'application/x-protobuf'] as const;

export function openApi(
  title: string,
  calls: readonly DescribedCall[],
  reads: readonly DescribedRead[],
): Json {
  const schemas = new Map<string, Json>();
  const described = calls.map((call) => [call.path, { post: operationOf(call, schemas) }]);
  const read = reads.map(({ path, summary }) => [
    path,
    { get: { summary, responses: { 200: { description: 'what was asked for' }, ...REFUSALS } } },
  ]);
  return {
    openapi: '3.1.0',
    info: {
      title,
      version: '1.11.0',
      description: 'The Mesos v1 HTTP API as mesolab speaks it; calls that are not there answer 501.',
    },
    paths: Object.fromEntries([...described, ...read]),
    components: { schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))) },
  };
}

const REFUSALS = {
  307: { description: 'another master leads: the same path at `Location`' },
  401: { description: 'credentials are missing or wrong' },
  503: { description: 'no leader is known, or this one is not ready' },
};

function operationOf({ summary, call, answer, event }: DescribedCall, schemas: Map<string, Json>): Json {
  const content = (names: readonly string[]) => {
    const schema =
      names.length === 1
        ? reference(names[0], schemas)
        : { anyOf: names.map((name) => reference(name, schemas)) };
    return Object.fromEntries(MEDIA.map((media) => [media, { schema }]));
  };
  const answers = [answer, event].filter((name) => name !== null);
  return {
    summary,
    requestBody: { required: true, content: content([call]) },
    responses: {
      ...(answers.length > 0 && {
        200: {
          description:
            event === null
              ? 'the answer'
              : 'the answer, or a stream of records, each after its length and a line break',
          content: content(answers),
        },
      }),
      202: { description: 'taken; what becomes of it is told by events' },
      400: { description: 'what is wrong with the call, as text' },
      403: { description: 'not authorized, or not subscribed' },
      415: { description: 'the body is in no encoding that is understood' },
      501: { description: 'the call is not there' },
      ...REFUSALS,
    },
  };
}

function reference(name: string, schemas: Map<string, Json>): Json {
  if (!schemas.has(name)) {
    // Messages may hold themselves.
    schemas.set(name, {});
    schemas.set(name, schemaOf(planOf(name), schemas));
  }
  return { $ref: `#/components/schemas/${name}` };
}

function schemaOf({ fields, required }: TypePlan, schemas: Map<string, Json>): Json {
  return {
    type: 'object',
    ...(required.length > 0 && { required: [...required] }),
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field, schemas)])),
  };
}

function fieldSchema(field: FieldPlan, schemas: Map<string, Json>): Json {
  const one = valueSchema(field, schemas);
  if (field.isMap) return { type: 'object', additionalProperties: one };
  return field.isRepeated ? { type: 'array', items: one } : one;
}

function valueSchema(field: FieldPlan, schemas: Map<string, Json>): Json {
  switch (field.kind) {
    case 'message':
      return reference(field.plan().name, schemas);
    case 'enum':
      return { type: 'string', enum: [...field.numberOf.keys()] };
    case 'bytes':
      return { type: 'string', contentEncoding: 'base64' };
    case 'integer':
      return { type: 'integer', format: field.scalar };
    case 'double':
      return { type: 'number', format: 'double' };
    case 'bool':
      return { type: 'boolean' };
    case 'string':
      return { type: 'string' };
  }
}
