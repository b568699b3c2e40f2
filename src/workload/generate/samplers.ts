/** Distributions to draw sizes and times from; each draws from the stream it is given and nothing else. */
import type { RandomStream } from '../../cluster/streams.ts';

export type Sampler = (random: RandomStream) => number;

export const constant =
  (value: number): Sampler =>
  () =>
    value;

/** @param median e^μ; @param sigma standard deviation of the logarithm */
export function lognormal(median: number, sigma: number): Sampler {
  return (random) => median * Math.exp(sigma * standardNormal(random));
}

/** Pareto with shape `alpha`, cut off at `most` (inverse transform of the truncated distribution). */
export function boundedPareto(alpha: number, least: number, most: number): Sampler {
  const tail = 1 - (least / most) ** alpha;
  return (random) => least / (1 - random() * tail) ** (1 / alpha);
}

/** Uniform over the whole numbers from `least` to `most`. */
export function uniformInteger(least: number, most: number): Sampler {
  return (random) => least + Math.floor(random() * (most - least + 1));
}

/** One of the samplers, each with a weight. */
export function mixture(parts: readonly (readonly [weight: number, sampler: Sampler])[]): Sampler {
  const choose = chooser(parts);
  return (random) => choose(random)(random);
}

/** One of the items, each with a weight. */
export function chooser<T>(
  parts: readonly (readonly [weight: number, item: T])[],
): (random: RandomStream) => T {
  const sum = parts.reduce((total, [weight]) => total + weight, 0);
  return (random) => {
    let left = random() * sum;
    for (const [weight, item] of parts) {
      left -= weight;
      if (left < 0) return item;
    }
    return parts[parts.length - 1][1];
  };
}

/** Box and Muller's transform; the second value is thrown away, so that every call draws alike. */
function standardNormal(random: RandomStream): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}
