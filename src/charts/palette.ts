/** Colours that colour-blind readers can tell apart (Okabe & Ito 2008), without its black and yellow: both must show on white and on dark. */
export const PALETTE: readonly string[] = [
  '#0072B2',
  '#E69F00',
  '#009E73',
  '#D55E00',
  '#CC79A7',
  '#56B4E9',
  '#8C6D31',
  '#7F7F7F',
];

/** What is put together because there are too many of a kind. */
export const OTHERS = 'others';
