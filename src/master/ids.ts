/** Ids that a master gives (reference §1.1): its own id is in them, so that they are never used twice. */
import type { MasterContext } from './context.ts';

export function newFrameworkId({ info, state }: MasterContext): string {
  return `${info.id}-${String(state.nextFramework++).padStart(4, '0')}`;
}

export function newAgentId({ info, state }: MasterContext): string {
  return `${info.id}-S${state.nextAgent++}`;
}

/** Of offers and inverse offers. */
export function newOfferId({ info, state }: MasterContext): string {
  return `${info.id}-O${state.nextOffer++}`;
}
