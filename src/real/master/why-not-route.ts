/** `/why-not?framework=ID`: why a framework is offered no more, as the allocator sees it. Mesos has no such endpoint. */
import { REASONS } from '../../allocator/hierarchical/why-not.ts';
import type { Master } from '../../master/master.ts';
import { jsonReading, type Reading, textReading } from '../http/reading.ts';

/** `null`: the path is another. */
export function readWhyNot(master: Master, path: string, query: URLSearchParams): Reading | null {
  if (path !== '/why-not') return null;
  const id = query.get('framework');
  if (id === null) return textReading(400, 'Expecting framework=ID\n');
  if (!master.state.frameworks.has(id)) return textReading(404, 'No framework has this id\n');
  return jsonReading({ reasons: REASONS, roles: master.whyNot(id) }, null);
}
