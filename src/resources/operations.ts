/** What operations make of resources (reference §3.3): some are consumed, others come in their place. */
import { MILLI, toMilli } from '../cluster/resources.ts';
import type { OfferOperation, Resource } from '../protocol/v1/mesos.ts';
import { ResourceError } from './resource-error.ts';
import { Resources } from './resources.ts';

export interface Conversion {
  readonly consumed: Resources;
  readonly converted: Resources;
}

/**
 * Of RESERVE, UNRESERVE, CREATE, DESTROY, GROW_VOLUME and SHRINK_VOLUME; of other operations, none.
 * @throws ResourceError where the operation's resources cannot be such
 */
export function conversionsOf(operation: OfferOperation): readonly Conversion[] {
  switch (operation.type) {
    case 'RESERVE': {
      const { resources, source } = operation.reserve!;
      const converted = Resources.of(resources);
      const consumed = source?.length ? Resources.of(source) : converted.popReservation();
      return [{ consumed, converted }];
    }
    case 'UNRESERVE': {
      const consumed = Resources.of(operation.unreserve!.resources);
      return [{ consumed, converted: consumed.popReservation() }];
    }
    case 'CREATE': {
      const converted = Resources.of(operation.create!.volumes);
      return [{ consumed: withoutVolume(converted), converted }];
    }
    case 'DESTROY': {
      const consumed = Resources.of(operation.destroy!.volumes);
      return [{ consumed, converted: withoutVolume(consumed) }];
    }
    case 'GROW_VOLUME': {
      const { volume, addition } = operation.grow_volume!;
      const grown = toMilli(volume.scalar?.value ?? 0) + toMilli(addition.scalar?.value ?? 0);
      return [
        {
          consumed: Resources.of([volume, addition]),
          converted: Resources.of([{ ...volume, scalar: { value: grown / MILLI } }]),
        },
      ];
    }
    case 'SHRINK_VOLUME': {
      const { volume, subtract } = operation.shrink_volume!;
      const before = toMilli(volume.scalar?.value ?? 0);
      const freed = toMilli(subtract.value);
      if (freed >= before) throw new ResourceError(volume.name, 'a volume cannot shrink to nothing');
      const { disk, ...plain } = volume;
      const source = disk?.source && { disk: { source: disk.source } };
      return [
        {
          consumed: Resources.of([volume]),
          converted: Resources.of([
            { ...volume, scalar: { value: (before - freed) / MILLI } },
            { ...plain, ...source, scalar: { value: freed / MILLI } },
          ]),
        },
      ];
    }
    default:
      return [];
  }
}

/** The disk that a volume was made of. */
function withoutVolume(volumes: Resources): Resources {
  const seen = new Set<Resource>();
  return Resources.of(
    volumes.toWire().map((volume) => {
      const { disk, shared, ...plain } = volume;
      if (disk === undefined) throw new ResourceError(volume.name, 'it is no volume');
      // Copies of a shared volume are written as one object.
      if (shared !== undefined && seen.has(volume))
        throw new ResourceError(volume.name, `${disk.persistence?.id} is there twice; name it once`);
      seen.add(volume);
      return disk.source ? { ...plain, disk: { source: disk.source } } : plain;
    }),
  );
}

/** What resources become by the conversions, one after the other; `null`: something to be converted is not there. */
export function convertedBy(resources: Resources, conversions: readonly Conversion[]): Resources | null {
  let result = resources;
  for (const { consumed, converted } of conversions) {
    const part = consumed.unallocated();
    if (!result.contains(part)) return null;
    result = result.minus(part).plus(converted.unallocated());
  }
  return result;
}
