/** What frameworks say they can deal with (reference §2.4). */
import type { FrameworkInfo, FrameworkInfoCapabilityType } from './v1/mesos.ts';

export function capabilitiesOf(info: FrameworkInfo): ReadonlySet<FrameworkInfoCapabilityType> {
  return new Set((info.capabilities ?? []).flatMap(({ type }) => (type === undefined ? [] : [type])));
}

/** Roles that the framework is subscribed to, from the form that its capabilities call for. */
export function rolesOf(info: FrameworkInfo): readonly string[] {
  return capabilitiesOf(info).has('MULTI_ROLE') ? (info.roles ?? []) : [info.role ?? '*'];
}
