import { describe, expect, it } from 'vitest';
import { reconfigurationProblem } from '../../src/agent/reconfiguration.ts';
import type { AgentInfo } from '../../src/protocol/v1/mesos.ts';
import { parseAttributesText, parseResourcesText } from '../../src/resources/text.ts';

const agent = (resources: string, attributes = 'rack:a', rest: Partial<AgentInfo> = {}): AgentInfo => ({
  hostname: 'h',
  port: 5051,
  resources: parseResourcesText(resources).toWire(),
  attributes: parseAttributesText(attributes),
  ...rest,
});
const domain = (name: string) => ({ fault_domain: { region: { name }, zone: { name: 'z' } } });

describe('an agent that starts with other settings', () => {
  const before = agent('cpus:2;mem:100');

  it.each([
    ['nothing', agent('mem:100;cpus:2'), null, null],
    ['more cpus', agent('cpus:3;mem:100'), 'resources', null],
    ['less memory', agent('cpus:3;mem:50'), 'resources', 'resources'],
    ['another attribute', agent('cpus:2;mem:100', 'zone:z;rack:a'), 'attributes', null],
    ['an attribute changed', agent('cpus:2;mem:100', 'rack:b'), 'attribute rack', 'attribute rack'],
    ['a domain', agent('cpus:2;mem:100', 'rack:a', { domain: domain('r') }), 'domain', null],
    ['hostname', agent('cpus:2;mem:100', 'rack:a', { hostname: 'g' }), 'hostname', 'hostname'],
    ['port', agent('cpus:2;mem:100', 'rack:a', { port: 1 }), 'port', 'port'],
  ])('%s', (_what, now, equal, additive) => {
    for (const [policy, expected] of [
      ['equal', equal],
      ['additive', additive],
    ] as const) {
      const problem = reconfigurationProblem(before, now, policy);
      if (expected === null) expect(problem).toBeNull();
      else expect(problem).toContain(expected);
    }
  });
});
