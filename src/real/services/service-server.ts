/** Keeps services alive on a cluster, and takes orders over HTTP: the framework behind `mesolab service`. */
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Service } from '../../frameworks/service.ts';
import { defineService, SERVICE_SCHEMA, type ServiceEntry } from '../../frameworks/service-definition.ts';
import type { Services } from '../../frameworks/services.ts';

/** What `GET /v1/services` gives for each. */
export interface ServiceReport {
  readonly name: string;
  readonly wanted: number;
  /** Of the present version, running and healthy. */
  readonly running: number;
  readonly instances: Service['instances'];
}

class DefinitionError extends Error {
  readonly statusCode = 400;
}

interface Named {
  readonly Params: { readonly name: string };
}

/** @param changed is called when the services were told something */
export function createServiceServer(
  services: Services,
  nowUs: () => number,
  changed: () => void,
): FastifyInstance {
  const server = Fastify({ ajv: { customOptions: { removeAdditional: false, allowUnionTypes: true } } });
  const problem = (at: readonly (string | number)[], message: string) =>
    new DefinitionError(`/${at.join('/')}: ${message}`);
  const missing = (reply: FastifyReply, name: string) =>
    reply.code(404).send({ statusCode: 404, error: 'Not Found', message: `there is no service "${name}"` });

  server.get('/v1/services', () => Array.from(services.all.values(), report));

  server.put<Named & { Body: ServiceEntry }>(
    '/v1/services/:name',
    { schema: { body: SERVICE_SCHEMA } },
    async ({ params, body }) => {
      if (params.name !== body.name)
        throw problem(['name'], `is "${body.name}", and the path says "${params.name}"`);
      services.apply(defineService(body, problem), nowUs());
      changed();
      return report(services.all.get(body.name)!);
    },
  );

  server.post<Named & { Body: { readonly instances: number } }>(
    '/v1/services/:name/scale',
    {
      schema: {
        body: {
          type: 'object',
          required: ['instances'],
          additionalProperties: false,
          properties: { instances: SERVICE_SCHEMA.properties.instances },
        },
      },
    },
    async ({ params, body }, reply) => {
      const service = services.all.get(params.name);
      if (service === undefined) return missing(reply, params.name);
      services.apply({ ...service.wanted, instances: body.instances }, nowUs());
      changed();
      return report(service);
    },
  );

  server.delete<Named>('/v1/services/:name', async ({ params }, reply) => {
    if (!services.stop(params.name)) return missing(reply, params.name);
    changed();
    return reply.code(202).send();
  });

  return server;
}

function report(service: Service): ServiceReport {
  const { wanted, running, instances } = service;
  return { name: wanted.name, wanted: wanted.instances, running, instances };
}
