/**
 * Colours that colour-blind readers can tell apart (Okabe & Ito 2008), without black and yellow: each must show on
 * white and on dark. Sky blue comes late, since the timeline's half-idle blue looks like it. The last one, grey, is for what is put together because there is too much of it.
 */
export const PALETTE: readonly string[] = [
  '#0072B2',
  '#E69F00',
  '#009E73',
  '#CC79A7',
  '#D55E00',
  '#56B4E9',
  '#8A8D93',
];

/** A second sign beside the colour, for print in grey and for readers who see few colours. */
const DASHES: readonly (readonly number[])[] = [
  [1, 0],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [12, 4],
  [4, 2, 1, 2],
  [5, 5],
];

/** A colour a name, in a fixed order, so that a name looks the same in every chart. */
export function colourScale(names: readonly string[]) {
  return { domain: [...names], range: names.map((_, index) => PALETTE[index % PALETTE.length]) };
}

/** A dash pattern a name. Shifted by one after each round of colours, so that no two of 49 names look the same. */
export function dashScale(names: readonly string[]) {
  return {
    domain: [...names],
    range: names.map((_, index) => [...DASHES[(index + Math.floor(index / PALETTE.length)) % DASHES.length]]),
  };
}
