/** Which encoding a client sends, and which it wants (reference §1.2). */
import type { Encoding } from './codec.ts';

export const MEDIA_TYPES: Readonly<Record<Encoding, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
};

/** In the order in which they are tried. */
const ENCODINGS: readonly Encoding[] = ['json', 'protobuf'];

/** Compared letter by letter, without parameters, as Mesos does. */
export function contentEncoding(header: string | undefined): Encoding | 'missing' | 'unsupported' {
  if (header === undefined) return 'missing';
  return ENCODINGS.find((encoding) => MEDIA_TYPES[encoding] === header) ?? 'unsupported';
}

/** @param header several Accept headers are one list; none means JSON @returns `null`: neither will do */
export function acceptedEncoding(header: string | readonly string[] | undefined): Encoding | null {
  const text = typeof header === 'string' ? header : (header?.join(',') ?? '');
  if (text.trim() === '') return 'json';
  const ranges = text.split(',').map(parseRange);
  return ENCODINGS.find((encoding) => isAccepted(MEDIA_TYPES[encoding], ranges)) ?? null;
}

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

function parseRange(text: string): MediaRange {
  const [type, ...parameters] = text.split(';').map((part) => part.trim());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
}

/** The most exact range that matches decides. */
function isAccepted(mediaType: string, ranges: readonly MediaRange[]): boolean {
  const [family] = mediaType.split('/');
  for (const type of [mediaType, `${family}/*`, '*/*']) {
    const range = ranges.find((one) => one.type === type);
    if (range !== undefined) return range.quality > 0;
  }
  return false;
}
