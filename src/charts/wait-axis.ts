/** The axis of waits: logarithmic from a second on, with zero on it, and ticks at times that people name. */

const TICKS: readonly [seconds: number, label: string][] = [
  [0, '0'],
  [1, '1 s'],
  [10, '10 s'],
  [60, '1 min'],
  [600, '10 min'],
  [3600, '1 h'],
  [36_000, '10 h'],
  [86_400, '1 d'],
  [864_000, '10 d'],
  [8_640_000, '100 d'],
];

/** @param maxSeconds the longest wait shown */
export function waitAxis(maxSeconds: number) {
  const end = Math.max(maxSeconds, 10);
  const shown = TICKS.filter(([seconds]) => seconds <= end);
  return {
    type: 'quantitative',
    scale: { type: 'symlog', constant: 1, domain: [0, end] as number[], nice: false },
    axis: {
      values: shown.map(([seconds]) => seconds),
      labelExpr: `${JSON.stringify(Object.fromEntries(TICKS))}[datum.value]`,
      labelOverlap: true,
    },
  } as const;
}
