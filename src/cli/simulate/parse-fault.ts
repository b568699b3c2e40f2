/**
 * A fault of a protocol simulation as the user writes it:
 * `kill:master-0@60s`, `kill-leader@60s`, `partition:rack-3@2m+30s`, `slow-disk:agent-7=200ms@1m+5m`, `loss=1%`.
 */
import type { Fault } from '../../sim/protocol/fault.ts';
import { parseDuration, wrongValue } from '../option-values.ts';

const EXPECTED =
  'WHAT[:WHO][=VALUE][@TIME[+DURATION]], such as kill-leader@60s, kill:agent-7@1m, power-off:rack-2@1m+10m, ' +
  'pause:leader@2m+20s, partition:rack-3@2m+30s, kill-executors:agent-7@1m, slow-disk:agent-7=200ms@1m+5m, ' +
  'clock-skew:agent-7=5s@1m+5m, store-down@1m+10s, loss=1%, duplication=1%, reordering=1% or latency=5ms@1m+30s';

const STRIKES = [
  'kill',
  'power-off',
  'pause',
  'partition',
  'kill-executors',
  'slow-disk',
  'clock-skew',
] as const;
const RATES = ['loss', 'duplication', 'reordering'] as const;

/** Faults that are over at once where no duration is said; the others need one. */
const MOMENTARY: readonly string[] = ['kill', 'power-off', 'kill-executors'];

/** @throws InputError OPTION_VALUE */
export function parseFault(text: string): Fault {
  const match =
    /^(?<what>[a-z-]+)(?::(?<who>[^=@]+))?(?:=(?<value>[^@]+))?(?:@(?<time>[^+]+)(?:\+(?<duration>.+))?)?$/.exec(
      text.trim(),
    );
  if (!match) throw wrongValue('--fault', text, EXPECTED);
  const { what: written, who, value, time, duration } = match.groups as Record<string, string | undefined>;
  // `kill-leader` is `kill:leader`.
  const isOfLeader = written!.endsWith('-leader');
  const what = isOfLeader ? written!.slice(0, -'-leader'.length) : written!;
  const target = isOfLeader ? 'leader' : who;
  if (isOfLeader && who !== undefined)
    throw wrongValue('--fault', text, `${written} without :${who}, which says that it befalls the leader`);
  const durationUs = duration === undefined ? null : parseDuration('--fault', duration);
  const strike = STRIKES.find((kind) => kind === what);
  const rate = RATES.find((kind) => kind === what);
  const isOfNetwork = rate !== undefined || what === 'latency';

  if (strike === undefined && !isOfNetwork && what !== 'store-down')
    throw wrongValue('--fault', text, EXPECTED);
  if ((target === undefined) === (strike !== undefined))
    throw wrongValue(
      '--fault',
      text,
      strike
        ? `${what}:WHO@TIME, WHO being leader, a name such as agent-7, or a rack such as rack-3`
        : `${what} without a name`,
    );
  if ((value === undefined) === (isOfNetwork || strike === 'slow-disk' || strike === 'clock-skew'))
    throw wrongValue(
      '--fault',
      text,
      value === undefined ? `a value, such as ${what}=${rate ? '1%' : '5ms'}` : `${what} without a value`,
    );
  if (time === undefined && !isOfNetwork) throw wrongValue('--fault', text, `a time, such as ${text}@60s`);
  if (durationUs === null && !isOfNetwork && !MOMENTARY.includes(what))
    throw wrongValue('--fault', text, `how long it lasts, such as ${text}+30s`);

  const atUs = time === undefined ? Number.NEGATIVE_INFINITY : parseDuration('--fault', time);
  if (strike === 'slow-disk')
    return {
      kind: strike,
      target: target!,
      latencyUs: parseDuration('--fault', value!),
      atUs,
      durationUs: durationUs!,
    };
  if (strike === 'clock-skew')
    return {
      kind: strike,
      target: target!,
      skewUs: value!.startsWith('-')
        ? -parseDuration('--fault', value!.slice(1))
        : parseDuration('--fault', value!),
      atUs,
      durationUs: durationUs!,
    };
  if (strike !== undefined) return { kind: strike, target: target!, atUs, durationUs: durationUs ?? 0 };
  if (what === 'store-down') return { kind: 'store-down', atUs, durationUs: durationUs! };
  const change =
    rate === undefined
      ? { latencyUs: parseDuration('--fault', value!) }
      : { [rate]: parseShare(text, value!) };
  return { kind: 'network', change, atUs, durationUs: durationUs ?? Number.POSITIVE_INFINITY };
}

/** `1%` or `0.01`. */
function parseShare(text: string, value: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(value);
  const share = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (!(share >= 0 && share < 1)) throw wrongValue('--fault', text, 'a share below 1, such as loss=1%');
  return share;
}
