import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { agentAttributes, agentResources, machineSize } from '../../../src/real/agent/resources.ts';
import { fileOf, folderOf } from '../../temporary-files.ts';

const GIB = 2 ** 30;
const MACHINE = { cpus: 8, memoryBytes: 16 * GIB, diskBytes: 100 * GIB, gpus: 0 };

describe('resources of an agent', () => {
  it('are those of its machine, less what the system needs', () => {
    expect(String(agentResources('', '*', MACHINE))).toBe(
      String(agentResources('cpus:8;mem:15360;disk:97280;ports:[31000-32000]', '*', MACHINE)),
    );
    const small = { cpus: 1, memoryBytes: 2 * GIB, diskBytes: 10 * GIB, gpus: 2 };
    expect(agentResources('', '*', small).quantities().get('mem')).toBe(1024_000);
    expect(agentResources('', '*', small).quantities().get('disk')).toBe(5 * 1024_000);
    expect(agentResources('', '*', small).quantities().get('gpus')).toBe(2000);
    expect(agentResources('', '*', MACHINE).quantities().get('gpus')).toBe(0);
  });

  it('are as given where they are given: as text, as JSON, or in a file', () => {
    const json = JSON.stringify([{ name: 'cpus', type: 'SCALAR', scalar: { value: 2 } }]);
    for (const text of ['cpus:2', json, `file://${fileOf('resources.json', `${json}\n`)}`]) {
      const resources = agentResources(text, '*', MACHINE);
      expect(resources.quantities().get('cpus')).toBe(2000);
      expect(resources.quantities().get('mem')).toBe(15360_000);
    }
  });

  it('have the default role where they name none', () => {
    const resources = agentResources('cpus:2;mem(web):100', 'ads', MACHINE);
    expect(resources.reservedTo('ads').quantities().get('cpus')).toBe(2000);
    expect(resources.reservedTo('ads').quantities().get('disk')).toBe(97280_000);
    expect(resources.reservedTo('web').quantities().get('mem')).toBe(100_000);
  });

  it('of the machine are found', () => {
    const { cpus, memoryBytes, diskBytes, gpus } = machineSize(folderOf({}));
    expect(cpus).toBe(availableParallelism());
    expect(memoryBytes).toBeGreaterThan(GIB / 4);
    expect(diskBytes).toBeGreaterThan(2 ** 20);
    expect(gpus).toBeGreaterThanOrEqual(0);
  });

  it('that are wrong are refused with the place and the flag', () => {
    expect(() => agentResources('cpus:2;mem:lots', '*', MACHINE)).toThrow('--resources: ');
    expect(() => agentResources('cpus:2;mem:lots', '*', MACHINE)).toThrow('column 12');
    expect(() => agentResources('file:///does/not/exist', '*', MACHINE)).toThrow(
      '/does/not/exist: --resources names this file',
    );
  });
});

describe('attributes of an agent', () => {
  it('are numbers, ranges or text', () => {
    expect(agentAttributes('rack:abc;level:10;keys:[1000-1500]')).toEqual([
      { name: 'rack', type: 'TEXT', text: { value: 'abc' } },
      { name: 'level', type: 'SCALAR', scalar: { value: 10 } },
      { name: 'keys', type: 'RANGES', ranges: { range: [{ begin: 1000, end: 1500 }] } },
    ]);
    expect(agentAttributes('')).toEqual([]);
  });
});
