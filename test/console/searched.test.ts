import { expect, test } from 'vitest';
import { searched } from '../../src/console/searched.ts';

const columns = [{ text: ({ name }: Row) => name }, { text: ({ state }: Row) => state }];

interface Row {
  readonly name: string;
  readonly state: string;
}

const rows: readonly Row[] = [
  { name: 'Web 1', state: 'running' },
  { name: 'web 2', state: 'failed' },
  { name: 'batch', state: 'failed' },
];

test('every word occurs somewhere, whatever its case; the newest come first', () => {
  const names = (search: string, limit = 10) => {
    const { shown, found, all } = searched(rows, columns, search, limit);
    return [shown.map(({ name }) => name), found, all];
  };
  expect(names('')).toEqual([['batch', 'web 2', 'Web 1'], 3, 3]);
  expect(names(' WEB ')).toEqual([['web 2', 'Web 1'], 2, 3]);
  expect(names('fail web')).toEqual([['web 2'], 1, 3]);
  expect(names('fail', 1)).toEqual([['batch'], 2, 3]);
  expect(names('none')).toEqual([[], 0, 3]);
});

test('100,000 tasks are searched by what is in any of their columns', () => {
  const many = Array.from({ length: 100_000 }, (_, index) => ({ name: `task ${index}`, state: 'running' }));
  const { shown, found } = searched(many, columns, '9999', 200);
  expect([shown[0].name, found]).toEqual(['task 99999', 19]);
});
