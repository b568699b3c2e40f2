import { describe, expect, it } from 'vitest';
import { parseDagName } from '../../../src/workload/importers/alibaba-dag.ts';
import { parseWallTime } from '../../../src/workload/importers/wall-time.ts';

describe('a calendar time', () => {
  it.each([
    ['1970-01-02 00:00:01', 86_401],
    ['1970-01-02T00:00:01Z', 86_401],
    ['1970-01-02 00:00:01.25', 86_401.25],
    ['1970-01-02 08:00:01+08:00', 86_401],
    ['1970-01-02 08:00:01 +0800', 86_401],
  ])('%s is so many seconds', (text, seconds) => {
    expect(parseWallTime(text)).toBe(seconds);
  });

  it.each(['', 'None', 'null', 'NaN', null, undefined])('may be missing: %s', (text) => {
    expect(parseWallTime(text)).toBeUndefined();
  });

  it.each(['yesterday', '1970-01-02', '02.01.1970 00:00:01', '1970-13-02 00:00:01', '86401'])(
    'is malformed: %s',
    (text) => {
      expect(parseWallTime(text)).toBeNaN();
    },
  );
});

describe('an Alibaba task name', () => {
  it.each([
    ['M1', 1, []],
    ['R2_1', 2, [1]],
    ['J14_2_13', 14, [2, 13]],
    ['M5_Stg4', 5, []],
    ['R6_5_Stg3', 6, [5]],
  ])('%s tells its number and what it waits for', (name, number, after) => {
    expect(parseDagName(name)).toEqual({ number, after });
  });

  it.each(['MergeTask', 'task_Nzg3ODAwNDgzMTAwNTc2NTQ2Mw==', 'task_12', '11', ''])(
    '%s tells nothing',
    (name) => {
      expect(parseDagName(name)).toBeNull();
    },
  );
});
