/** Numbers as people read them in tables: few digits, and a unit. */

const TIME_UNITS: readonly [seconds: number, unit: string][] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
  [1e-3, 'ms'],
];

/** `0 s`, `12.3 s`, `4.57 min`, `3.2 d`: three digits in the largest unit that leaves a number of 1 or more. */
export function formatSeconds(seconds: number): string {
  if (seconds === 0) return '0 s';
  // A second unit only from two whole ones on: 90 s reads better than 1.5 min.
  const [size, unit] = TIME_UNITS.find(([size]) => Math.abs(seconds) >= (size >= 60 ? 2 * size : size)) ?? [
    1,
    's',
  ];
  return `${formatNumber(seconds / size)} ${unit}`;
}

/** Three significant digits below 1000, whole numbers with thousands separators above. */
export function formatNumber(value: number): string {
  if (Math.abs(value) >= 1000) return formatCount(Math.round(value));
  const text = value.toPrecision(3);
  return text.includes('e') ? text : String(Number(text));
}

export function formatCount(value: number): string {
  return value.toLocaleString('en-US');
}

/** 0.4567 as `45.7 %`. */
export function formatShare(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

/** A relative change, 0.25 as `+25 %`. */
export function formatChange(value: number): string {
  const percent = value * 100;
  const digits = Math.abs(percent) < 10 ? 1 : 0;
  const rounded = percent.toFixed(digits);
  if (Number(rounded) === 0) return '±0 %';
  return `${percent > 0 ? '+' : '−'}${rounded.replace('-', '')} %`;
}
