/** Program: reads names of leases of etcd from its input, a line each, and revokes the last one when the input ends. */
import { createInterface } from 'node:readline';
import { EtcdClient, EtcdRefusal } from '../coordination/etcd-client.ts';

const ATTEMPTS = 10;

let lease: string | null = null;
for await (const line of createInterface({ input: process.stdin })) lease = line;
const client = new EtcdClient(process.argv.slice(2));
for (let attempt = 0; lease !== null && attempt < ATTEMPTS; attempt++) {
  try {
    await client.call('/v3/lease/revoke', { ID: lease });
    break;
  } catch (error) {
    if (error instanceof EtcdRefusal) break;
  }
}
client.close();
