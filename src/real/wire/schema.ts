/** The messages of the Mesos v1 API as `schema/` describes them; both encodings go by them. */
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';

const FILES = [
  'google/protobuf/duration',
  'mesos/v1/mesos',
  'mesos/v1/allocator',
  'mesos/v1/maintenance',
  'mesos/v1/quota',
  'mesos/v1/scheduler',
  'mesos/v1/executor',
  'mesos/v1/agent',
  'mesos/v1/master',
];

let root: protobuf.Root | null = null;

/** @param name full name, such as `mesos.v1.scheduler.Call` */
export function messageType(name: string): protobuf.Type {
  root ??= load();
  return root.lookupType(name);
}

/** All there are, nested ones included. */
export function messageTypes(): readonly protobuf.Type[] {
  root ??= load();
  return typesWithin(root);
}

function typesWithin(space: protobuf.NamespaceBase): protobuf.Type[] {
  return space.nestedArray.flatMap((nested) => [
    ...(nested instanceof protobuf.Type ? [nested] : []),
    ...(nested instanceof protobuf.Namespace ? typesWithin(nested) : []),
  ]);
}

function load(): protobuf.Root {
  const loaded = new protobuf.Root();
  for (const file of FILES) {
    const text = readFileSync(new URL(`./schema/${file}.proto`, import.meta.url), 'utf8');
    protobuf.parse(text, loaded, { keepCase: true });
  }
  loaded.resolveAll();
  return loaded;
}
