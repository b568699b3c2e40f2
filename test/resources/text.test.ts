import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attribute } from '../../src/protocol/v1/mesos.ts';
import { Resources } from '../../src/resources/resources.ts';
import { parseAttributesText, parseResourcesText } from '../../src/resources/text.ts';

describe('§13 resources as text', () => {
  it('scalars, ranges and sets, with a role or without', () => {
    const text =
      'cpus:24;gpus:2;mem:24576;disk:409600;ports:[21000-24000,30000-34000];bugs(debug_role):{a,b,c}';
    expect(parseResourcesText(text).toWire()).toEqual(
      Resources.of([
        { name: 'cpus', type: 'SCALAR', scalar: { value: 24 } },
        { name: 'gpus', type: 'SCALAR', scalar: { value: 2 } },
        { name: 'mem', type: 'SCALAR', scalar: { value: 24576 } },
        { name: 'disk', type: 'SCALAR', scalar: { value: 409600 } },
        {
          name: 'ports',
          type: 'RANGES',
          ranges: {
            range: [
              { begin: 21000, end: 24000 },
              { begin: 30000, end: 34000 },
            ],
          },
        },
        {
          name: 'bugs',
          type: 'SET',
          set: { item: ['a', 'b', 'c'] },
          reservations: [{ type: 'STATIC', role: 'debug_role' }],
        },
      ]).toWire(),
    );
  });

  it.each([
    ['white space', ' cpus : 1.5 ; ports( ads ): [ 1 - 2 , 5-6 ]; '],
    ['parts of one kind', 'cpus:1;ports(ads):[5-6];cpus:0.5;ports(ads):[1-2]'],
    ['other ways to write numbers', 'cpus:15e-1;ports(ads):[1-2,5-6]'],
  ])('%s', (_, text) => {
    expect(String(parseResourcesText(text))).toBe('cpus:1.5;ports(ads):[1-2,5-6]');
  });

  it('the default role is for entries without one', () => {
    expect(String(parseResourcesText('cpus:1;mem(web):2', 'ads'))).toBe('cpus(ads):1;mem(web):2');
    expect(String(parseResourcesText('cpus:1;mem(*):2', 'ads'))).toBe('cpus(ads):1;mem:2');
  });

  it('a JSON array of messages, too', () => {
    const json = JSON.stringify([
      { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 2 }, role: 'web' },
      {
        name: 'disk',
        type: 'SCALAR',
        scalar: { value: 3 },
        reservations: [{ type: 'STATIC', role: 'web' }],
      },
    ]);
    expect(String(parseResourcesText(json, 'ads'))).toBe('cpus(ads):1;disk(web):3;mem(web):2');
  });

  it('nothing is nothing', () => {
    expect(parseResourcesText('').isEmpty).toBe(true);
    expect(parseResourcesText(' ; ').isEmpty).toBe(true);
    expect(parseResourcesText('[]').isEmpty).toBe(true);
  });

  it.each([
    ['no value', 'cpus:1;mem', 'column 8: expected NAME:VALUE'],
    ['an empty value', 'cpus:1; mem:', 'column 9: expected NAME:VALUE'],
    ['no name', 'cpus:1;:2', 'column 8: expected NAME:VALUE'],
    ['a role that is not closed', 'cpus:1; mem(ads:2', 'column 9: expected NAME:VALUE or NAME(ROLE):VALUE'],
    ['an empty role', 'mem():2', 'column 1: expected NAME:VALUE or NAME(ROLE):VALUE'],
    ['no number', 'cpus:1;mem: many', 'column 13: "many" is neither a number'],
    ['half a range', 'ports:[1-]', 'column 7: "[1-]" is neither'],
    ['ranges that overlap', 'cpus:1;ports:[1-5,4-6]', 'column 14: its ranges overlap'],
    ['a range backwards', 'ports:[2-1]', 'column 7: 2-1 is not a range'],
    ['an item twice', 'zones:{a,a}', 'column 7: an item occurs twice'],
    ['a negative amount', 'cpus:-1', 'column 6: -1 is not an amount from 0'],
    ['less than a thousandth', 'cpus:0.0001', 'column 6: 0.0001 is below a thousandth'],
    ['JSON that breaks off', '[{', 'resource (JSON)'],
    ['JSON of something else', '[1]', 'element 0 has no name or no type'],
  ])('refused: %s', (_, text, problem) => {
    expect(() => parseResourcesText(text)).toThrow(problem);
  });

  it('what resources without marks are written as is read again', () => {
    const role = fc.constantFrom('', '(ads)', '(ads/web)');
    const entry = fc.oneof(
      fc
        .tuple(fc.constantFrom('cpus', 'mem', 'disk'), role, fc.integer({ min: 1, max: 9_999_999 }))
        .map(([name, of, milli]) => `${name}${of}:${milli / 1000}`),
      fc
        .tuple(role, fc.nat(100), fc.nat(100))
        .map(([of, begin, length]) => `ports${of}:[${begin}-${begin + length}]`),
      fc
        .tuple(role, fc.subarray(['x', 'y'], { minLength: 1 }))
        .map(([of, items]) => `set${of}:{${items.join(',')}}`),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (entries) => {
        const resources = parseResourcesText(entries.join(';'));
        expect(parseResourcesText(String(resources)).equals(resources)).toBe(true);
      }),
    );
  });
});

describe('§13 attributes as text', () => {
  it.each<[string, Attribute]>([
    ['rack:abc', { name: 'rack', type: 'TEXT', text: { value: 'abc' } }],
    ['level:10', { name: 'level', type: 'SCALAR', scalar: { value: 10 } }],
    ['offset:-0.25', { name: 'offset', type: 'SCALAR', scalar: { value: -0.25 } }],
    ['keys:[1000-1500]', { name: 'keys', type: 'RANGES', ranges: { range: [{ begin: 1000, end: 1500 }] } }],
    ['url:http://host:80/', { name: 'url', type: 'TEXT', text: { value: 'http://host:80/' } }],
    ['set:{a,b}', { name: 'set', type: 'TEXT', text: { value: '{a,b}' } }],
    ['version:1.2.3', { name: 'version', type: 'TEXT', text: { value: '1.2.3' } }],
  ])('%s', (text, attribute) => {
    expect(parseAttributesText(text)).toEqual([attribute]);
  });

  it('several, in the order in which they are given', () => {
    expect(parseAttributesText('zone:west; rack:abc;rack:def').map(({ name }) => name)).toEqual([
      'zone',
      'rack',
      'rack',
    ]);
  });

  it('an entry without a value is refused', () => {
    expect(() => parseAttributesText('rack:abc;zone')).toThrow('column 10: expected NAME:VALUE');
  });
});
