/** Whether an operation on resources can be asked for, before it is seen whether they are there (reference §3.4). */
import type { ResourceKind } from '../resources/kind.ts';
import { ResourceError } from '../resources/resource-error.ts';
import { Resources } from '../resources/resources.ts';
import { idProblem } from './ids.ts';
import { isHierarchical, roleProblem } from './role-names.ts';
import type {
  AgentInfoCapabilityType,
  FrameworkInfoCapabilityType,
  OfferOperation,
  Resource,
} from './v1/mesos.ts';

/** Who asks, and of which agent. */
export interface OperationPlace {
  readonly principal: string | null;
  readonly agent: ReadonlySet<AgentInfoCapabilityType>;
  /** `null`: an operator, whose resources are not allocated. */
  readonly framework: {
    readonly roles: readonly string[];
    readonly capabilities: ReadonlySet<FrameworkInfoCapabilityType>;
  } | null;
}

/** @returns `null`: nothing is wrong */
export function operationProblem(operation: OfferOperation, place: OperationPlace): string | null {
  try {
    switch (operation.type) {
      case 'RESERVE':
        return reserveProblem(operation, place);
      case 'UNRESERVE':
        return unreserveProblem(operation);
      case 'CREATE':
        return createProblem(operation, place);
      case 'DESTROY':
        return destroyProblem(operation);
      case 'GROW_VOLUME':
        return growProblem(operation, place);
      case 'SHRINK_VOLUME':
        return shrinkProblem(operation, place);
      case 'CREATE_DISK':
      case 'DESTROY_DISK':
        return `${operation.type} is for disks of resource providers, and agents have none`;
      default:
        return `${operation.type ?? 'an operation without a type'} is not supported`;
    }
  } catch (error) {
    if (error instanceof ResourceError) return error.message;
    throw error;
  }
}

function reserveProblem({ reserve }: OfferOperation, place: OperationPlace): string | null {
  if (reserve === undefined) return "Expecting 'reserve' to be present";
  if (place.framework !== null && (reserve.source?.length ?? 0) > 0)
    return "'source' is for operators only; leave it out";
  const { kinds } = Resources.of(reserve.resources);
  return (
    commonProblem(kinds) ??
    firstProblem(kinds, (kind) => {
      const problem = dynamicProblem(kind);
      if (problem !== null) return problem;
      const { role, principal } = kind.reservations.at(-1)!;
      if (place.framework !== null) {
        if (kind.allocationRole === null) return 'it is not allocated to a role';
        if (kind.allocationRole !== role)
          return `it is reserved for '${role}' and allocated to '${kind.allocationRole}'`;
        if (!place.framework.roles.includes(role)) return `the framework does not have role '${role}'`;
      }
      if (place.principal !== null && principal !== place.principal)
        return `its reservation's principal is '${principal ?? ''}'; expected '${place.principal}'`;
      if (kind.isRevocable) return 'revocable resources cannot be reserved';
      if (kind.disk?.persistence !== undefined) return 'a persistent volume cannot be reserved';
      if (isHierarchical(role) && !place.agent.has('HIERARCHICAL_ROLE'))
        return `the agent does not support the hierarchical role '${role}'`;
      if (kind.reservations.length > 1 && !place.agent.has('RESERVATION_REFINEMENT'))
        return 'the agent does not support refined reservations';
      return roleProblem(role);
    })
  );
}

function unreserveProblem({ unreserve }: OfferOperation): string | null {
  if (unreserve === undefined) return "Expecting 'unreserve' to be present";
  const { kinds } = Resources.of(unreserve.resources);
  return (
    commonProblem(kinds) ??
    firstProblem(kinds, (kind) =>
      kind.disk?.persistence === undefined
        ? dynamicProblem(kind)
        : 'a persistent volume cannot be unreserved; destroy it first',
    )
  );
}

function createProblem({ create }: OfferOperation, place: OperationPlace): string | null {
  if (create === undefined) return "Expecting 'create' to be present";
  const { kinds } = Resources.of(create.volumes);
  const ids = new Set<string>();
  return (
    commonProblem(kinds) ??
    firstProblem(kinds, (kind) => {
      const { role, disk, isRevocable, isShared } = kind;
      if (disk?.persistence === undefined) return "'disk.persistence' is not set";
      const problem = idProblem(disk.persistence.id);
      if (problem !== null) return `persistence id: ${problem}`;
      if (disk.volume === undefined) return "'disk.volume' is not set";
      if (disk.volume.mode !== 'RW') return "'disk.volume.mode' must be RW";
      if (disk.volume.host_path !== undefined) return "'disk.volume.host_path' must not be set";
      if (role === null) return 'unreserved disk cannot become a persistent volume; reserve it first';
      if (isRevocable) return 'a persistent volume cannot be revocable';
      if (isShared && place.framework !== null && !place.framework.capabilities.has('SHARED_RESOURCES'))
        return 'the framework does not have SHARED_RESOURCES';
      const { id, principal } = disk.persistence;
      if (place.principal !== null && principal !== place.principal)
        return `its persistence's principal is '${principal ?? ''}'; expected '${place.principal}'`;
      if (ids.has(`${role} ${id}`)) return `persistence id '${id}' occurs twice`;
      ids.add(`${role} ${id}`);
      return null;
    })
  );
}

function destroyProblem({ destroy }: OfferOperation): string | null {
  if (destroy === undefined) return "Expecting 'destroy' to be present";
  const { kinds } = Resources.of(destroy.volumes);
  return commonProblem(kinds) ?? firstProblem(kinds, persistentProblem);
}

function growProblem({ grow_volume: grow }: OfferOperation, place: OperationPlace): string | null {
  if (grow === undefined) return "Expecting 'grow_volume' to be present";
  const addition = Resources.of([grow.addition]);
  if (addition.isEmpty) return "the size of 'addition' must be above 0";
  const problem = resizeProblem(grow.volume, place);
  if (problem !== null) return problem;
  const alike = Resources.of([{ ...withoutPersistence(grow.volume), scalar: grow.addition.scalar }]);
  return addition.equals(alike) ? null : `${addition} is not of the kind that the volume is made of`;
}

function shrinkProblem({ shrink_volume: shrink }: OfferOperation, place: OperationPlace): string | null {
  if (shrink === undefined) return "Expecting 'shrink_volume' to be present";
  const { value } = shrink.subtract;
  if (!(value > 0)) return "the value of 'subtract' must be above 0";
  if (value >= (shrink.volume.scalar?.value ?? 0)) return 'a volume cannot shrink to nothing; destroy it';
  return resizeProblem(shrink.volume, place);
}

function resizeProblem(volume: Resource, { agent }: OperationPlace): string | null {
  if (!agent.has('RESIZE_VOLUME')) return 'the agent does not support resizing volumes';
  const { kinds } = Resources.of([volume]);
  return firstProblem(kinds, (kind) => {
    if (kind.isShared) return 'shared volumes cannot be resized';
    if (kind.disk?.source?.type === 'MOUNT') return 'volumes on MOUNT disks cannot be resized';
    if (kind.providerId !== null) return 'volumes of resource providers cannot be resized';
    return persistentProblem(kind);
  });
}

function withoutPersistence({ disk, ...plain }: Resource): Resource {
  return disk?.source === undefined ? plain : { ...plain, disk: { source: disk.source } };
}

function commonProblem(kinds: readonly ResourceKind[]): string | null {
  if (kinds.length === 0) return 'it has no resources';
  if (kinds.some(({ providerId }) => providerId !== kinds[0].providerId))
    return 'its resources are of more than one resource provider';
  return null;
}

function dynamicProblem({ reservations }: ResourceKind): string | null {
  return reservations.at(-1)?.type === 'DYNAMIC' ? null : 'it is not dynamically reserved';
}

function persistentProblem({ disk }: ResourceKind): string | null {
  return disk?.persistence === undefined ? 'it is not a persistent volume' : null;
}

function firstProblem(
  kinds: readonly ResourceKind[],
  problemOf: (kind: ResourceKind) => string | null,
): string | null {
  for (const kind of kinds) {
    const problem = problemOf(kind);
    if (problem !== null) return `resource ${kind.name}: ${problem}`;
  }
  return null;
}
