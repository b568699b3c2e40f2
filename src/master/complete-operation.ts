/** Gives the resources of an operation the role that its offers are allocated to, where they do not say it. */
import type { OfferOperation } from '../protocol/v1/mesos.ts';
import { allocateToRole } from './allocate-to-role.ts';

export function completeOperation(operation: OfferOperation, role: string): OfferOperation {
  const { reserve, unreserve, create, destroy, grow_volume, shrink_volume } = operation;
  switch (operation.type) {
    case 'RESERVE':
      return reserve === undefined
        ? operation
        : { ...operation, reserve: { ...reserve, resources: allocateToRole(reserve.resources, role) } };
    case 'UNRESERVE':
      return unreserve === undefined
        ? operation
        : { ...operation, unreserve: { resources: allocateToRole(unreserve.resources, role) } };
    case 'CREATE':
      return create === undefined
        ? operation
        : { ...operation, create: { volumes: allocateToRole(create.volumes, role) } };
    case 'DESTROY':
      return destroy === undefined
        ? operation
        : { ...operation, destroy: { volumes: allocateToRole(destroy.volumes, role) } };
    case 'GROW_VOLUME': {
      if (grow_volume === undefined) return operation;
      const [volume, addition] = allocateToRole([grow_volume.volume, grow_volume.addition], role);
      return { ...operation, grow_volume: { volume, addition } };
    }
    case 'SHRINK_VOLUME': {
      if (shrink_volume === undefined) return operation;
      const [volume] = allocateToRole([shrink_volume.volume], role);
      return { ...operation, shrink_volume: { ...shrink_volume, volume } };
    }
    default:
      return operation;
  }
}
