/** The description of the API is whole, and about what is there. */
import { expect, test } from 'vitest';
import { MASTER_READS } from '../../../src/real/master/description.ts';
import { planOf } from '../../../src/real/wire/type-plan.ts';
import { MasterUnderTest } from './master-under-test.ts';

test('every path of the description is there, and every reference leads somewhere', async () => {
  const master = await MasterUnderTest.start();
  const { status, text } = await master.ask('/openapi.json');
  expect(status).toBe(200);
  const { openapi, paths, components } = JSON.parse(text) as {
    openapi: string;
    paths: Record<string, object>;
    components: { schemas: Record<string, { properties: object; required?: string[] }> };
  };
  expect(openapi).toBe('3.1.0');
  for (const [path, operations] of Object.entries(paths)) {
    const method = Object.keys(operations)[0].toUpperCase();
    expect((await master.ask(path, method === 'POST' ? { method, body: '{}' } : {})).status, path).not.toBe(
      404,
    );
  }
  expect(Object.keys(paths)).toHaveLength(MASTER_READS.length + 2);
  const names = new Set(Object.keys(components.schemas));
  for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g))
    expect(names).toContain(name);
  expect(names.size).toBeGreaterThan(150);
  for (const [name, schema] of Object.entries(components.schemas)) {
    expect(Object.keys(schema.properties)).toEqual(planOf(name).fields.map((field) => field.name));
    expect(schema.required ?? []).toEqual(planOf(name).required);
  }
});
