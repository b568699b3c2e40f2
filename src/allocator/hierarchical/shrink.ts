/** Cutting what would be offered down to quantities (reference §12.4, `shrink`). */
import type { RandomStream } from '../../cluster/streams.ts';
import { Quantities } from '../../resources/quantities.ts';
import type { Resources } from '../../resources/resources.ts';

/**
 * The scalars, no more of each name than `most` says. Where several resources share a name, chance says which are cut;
 * nothing is drawn where that makes no difference.
 */
export function shrink(scalars: Resources, most: Quantities, random: RandomStream): Resources {
  if (most.contains(scalars.quantities())) return scalars;
  const names = scalars.kinds.map(({ name }) => name);
  if (new Set(names).size === names.length) return scalars.shrinkTo(most);
  return scalars.shrinkTo(most, shuffled([...names.keys()], random));
}

/** How much of `wanted` the limits still allow; what they do not name is unlimited. */
export function withinLimits(
  wanted: Quantities,
  limits: ReadonlyMap<string, number>,
  consumed: Quantities,
): Quantities {
  const { names, millis } = wanted;
  const allowed: [string, number][] = [];
  let isCut = false;
  for (let i = 0; i < names.length; i++) {
    const limit = limits.get(names[i]);
    const left = limit === undefined ? millis[i] : Math.max(0, limit - consumed.get(names[i]));
    if (left < millis[i]) isCut = true;
    allowed.push([names[i], Math.min(left, millis[i])]);
  }
  return isCut ? Quantities.of(allowed) : wanted;
}

/** Shuffles in place (Fisher and Yates). */
export function shuffled<Thing>(things: Thing[], random: RandomStream): Thing[] {
  for (let i = things.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const thing = things[i];
    things[i] = things[j];
    things[j] = thing;
  }
  return things;
}
