import { describe, expect, it } from 'vitest';
import { parseServiceAddress, withoutSecret } from '../../../src/real/coordination/service-address.ts';

describe('addresses of ZooKeeper and etcd', () => {
  it('are read as Mesos writes them, ports as usual where none is given', () => {
    expect(parseServiceAddress('zk://a:2182,b,10.0.0.3:1/mesos/blue')).toEqual({
      kind: 'zookeeper',
      hosts: ['a:2182', 'b:2181', '10.0.0.3:1'],
      path: '/mesos/blue',
      credentials: null,
    });
    expect(parseServiceAddress('zk://me:secret@a/mesos/')).toMatchObject({
      credentials: 'me:secret',
      path: '/mesos',
    });
    expect(parseServiceAddress('etcd://a,b/x')).toMatchObject({ kind: 'etcd', hosts: ['a:2379', 'b:2379'] });
  });

  it('are told from those of masters', () => {
    for (const other of ['a:5050', 'a:5050,b:5050', 'https://a:5050', ''])
      expect(parseServiceAddress(other)).toBeNull();
  });

  it('are refused with what was expected, and without the password', () => {
    for (const wrong of ['zk://a:2181', 'etcd://a:b/x', 'zk:///mesos', 'etcd://a,/x', 'zk://a/b c'])
      expect(() => parseServiceAddress(wrong)).toThrow(/expected such as (zk|etcd):\/\/10/);
    expect(() => parseServiceAddress('etcd://me:secret@a/x')).toThrow(/^(?!.*secret)/);
    expect(withoutSecret('zk://me:secret@a/mesos')).toBe('zk://me:…@a/mesos');
  });
});
