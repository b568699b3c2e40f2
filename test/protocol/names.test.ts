import { describe, expect, it } from 'vitest';
import { idProblem } from '../../src/protocol/ids.ts';
import {
  isHierarchical,
  isStrictSubrole,
  roleProblem,
  rolesAbove,
  topLevelRole,
} from '../../src/protocol/role-names.ts';

describe('§4.4 ids', () => {
  it.each(['a', '...', 'task 1', 'töpfe', 'a'.repeat(255), 'é'.repeat(127), '😀'.repeat(63)])(
    'taken: %s',
    (id) => {
      expect(idProblem(id)).toBeNull();
    },
  );

  it.each([
    ['an empty one', '', 'must not be empty'],
    ['256 bytes', 'a'.repeat(256), 'longer than 255 bytes'],
    ['256 bytes in 128 characters', 'é'.repeat(128), 'longer than 255 bytes'],
    ['.', '.', 'not a valid ID'],
    ['..', '..', 'not a valid ID'],
    ['a slash', 'a/b', 'a slash'],
    ['a backslash', 'a\\b', 'a slash'],
    ['a line feed', 'a\nb', "'a\\nb' contains"],
    ['a null character', 'a\0', 'a control character'],
    ['delete', 'a\u007f', 'a control character'],
  ])('refused: %s', (_, id, problem) => {
    expect(idProblem(id)).toContain(problem);
  });
});

describe('§14.1 names of roles', () => {
  it.each(['*', 'ads', 'ads/web', 'a/b/c', 'a-b', 'a.b', '...', 'a*', 'töpfe'])('taken: %s', (role) => {
    expect(roleProblem(role)).toBeNull();
  });

  it.each<[string, string, string]>([
    ['an empty one', '', 'must not be empty'],
    ['a slash at the begin', '/ads', 'slash'],
    ['a slash at the end', 'ads/', 'slash'],
    ['two slashes in a row', 'ads//web', 'slash'],
    ['a part .', 'ads/./web', "a part '.'"],
    ['a part ..', '..', "a part '..'"],
    ['a part *', 'ads/*', "a part '*'"],
    ['a part that starts with -', 'ads/-web', "starts with '-'"],
    ...['\b', '\t', '\n', '\v', '\f', '\r', ' '].map(
      (space) =>
        [`white space ${JSON.stringify(space)}`, `a${space}b`, 'white space'] as [string, string, string],
    ),
  ])('refused: %s', (_, role, problem) => {
    expect(roleProblem(role)).toContain(problem);
  });

  it('a role is below another if the path says so', () => {
    expect(isStrictSubrole('ads/web', 'ads')).toBe(true);
    expect(isStrictSubrole('ads/web/eu', 'ads')).toBe(true);
    expect(isStrictSubrole('ads', 'ads')).toBe(false);
    expect(isStrictSubrole('adsl', 'ads')).toBe(false);
    expect(isStrictSubrole('ads', 'ads/web')).toBe(false);
  });

  it('the roles above, from the nearest to the top', () => {
    expect(rolesAbove('a/b/c')).toEqual(['a/b', 'a']);
    expect(rolesAbove('a')).toEqual([]);
    expect(topLevelRole('a/b/c')).toBe('a');
    expect(topLevelRole('a')).toBe('a');
    expect(isHierarchical('a/b')).toBe(true);
    expect(isHierarchical('a')).toBe(false);
  });
});
