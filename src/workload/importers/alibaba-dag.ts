/** Precedence in Alibaba's task names: `M1`, `R2_1` (task 2 after task 1), `J4_2_3`; other names have none. */

export interface DagName {
  readonly number: number;
  readonly after: readonly number[];
}

/** `null` for a name without precedence, such as `task_abc` or `MergeTask`. */
export function parseDagName(name: string): DagName | null {
  const match = /^[A-Za-z]+(\d+)((?:_\d+)*)(?:_Stg\d+)?$/.exec(name);
  if (!match) return null;
  const after = match[2]
    .split('_')
    .filter((part) => part !== '')
    .map(Number);
  return { number: Number(match[1]), after };
}
