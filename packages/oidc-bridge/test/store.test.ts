import { createMemoryStore, type MemoryStoreFaults, type Store, silentLogger } from '@attestel/core';
import { createSealer, writeBehindOf } from '@attestel/openid/verifier';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestClock, type TestClock } from '../../openid/test/verifier/support/consortium.ts';
import { createAdapterFactory } from '../src/store/adapter.ts';
import { createRecords, type Records } from '../src/store/records.ts';
import { createUnitOfWork, type UnitOfWork } from '../src/store/unit-of-work.ts';

const KEY = new Uint8Array(32).fill(7);

interface Parts {
  readonly clock: TestClock;
  readonly store: Store;
  readonly faults: { fail: boolean; commits: number };
  readonly unit: UnitOfWork;
  readonly records: Records;
  readonly adapter: ReturnType<typeof createAdapterFactory>;
  /** Another process over the same store. */
  sibling(): Parts;
}

function createParts(given?: { store: Store; clock: TestClock; faults: Parts['faults'] }): Parts {
  const faults = given?.faults ?? { fail: false, commits: 0 };
  const hooks: MemoryStoreFaults = {
    beforeCommit() {
      if (faults.fail) throw new Error('disk full');
      faults.commits += 1;
    },
  };
  const clock = given?.clock ?? createTestClock();
  const store = given?.store ?? createMemoryStore(hooks);
  const unit = createUnitOfWork(writeBehindOf(store), silentLogger);
  const records = createRecords({ unit, sealer: createSealer(KEY), clock });
  const adapter = createAdapterFactory({ unit, records, clock, findClient: async () => undefined });
  return {
    clock,
    store,
    faults,
    unit,
    records,
    adapter,
    sibling: () => createParts({ store, clock, faults }),
  };
}

let parts: Parts;
beforeEach(() => {
  parts = createParts();
});

describe('the adapter contract of oidc-provider', () => {
  test('upsert, find, replace, destroy', async () => {
    const sessions = parts.adapter('Session');
    await sessions.upsert('a', { accountId: 'one', uid: 'u' }, 60);
    expect(await sessions.find('a')).toMatchObject({ accountId: 'one' });
    await sessions.upsert('a', { accountId: 'two', uid: 'u' }, 60);
    expect(await sessions.find('a')).toMatchObject({ accountId: 'two' });
    expect(await sessions.findByUid('u')).toMatchObject({ accountId: 'two' });
    await sessions.destroy('a');
    expect(await sessions.find('a')).toBeUndefined();
    expect(await sessions.findByUid('u')).toBeUndefined();
    await sessions.destroy('never was');
  });

  test('a session that has ended is not brought back by a request that had read it before', async () => {
    const sessions = parts.adapter('Session');
    await sessions.upsert('a', { accountId: 'one', uid: 'u' }, 60);
    const late = parts.unit.run(async () => {
      const read = await sessions.find('a');
      await parts.sibling().unit.run(async () => parts.sibling().adapter('Session').destroy('a'));
      await sessions.upsert('a', { ...read, uid: 'u' }, 60);
      await parts.adapter('AuthorizationCode').upsert('c', { grantId: 'g' }, 60);
    });
    await expect(late).rejects.toMatchObject({ code: 'session_ended' });
    expect(await sessions.find('a')).toBeUndefined();
    expect(await sessions.findByUid('u')).toBeUndefined();
    expect(await parts.adapter('AuthorizationCode').find('c')).toBeUndefined();
  });

  test('what is found is a copy', async () => {
    const grants = parts.adapter('Grant');
    await grants.upsert('g', { openid: { scope: 'openid' } } as never, 60);
    const found = (await grants.find('g')) as { openid: { scope: string } };
    found.openid.scope = 'changed';
    expect(await grants.find('g')).toMatchObject({ openid: { scope: 'openid' } });
  });

  test('models do not see each other’s ids', async () => {
    await parts.adapter('Session').upsert('same', { uid: 'u' }, 60);
    expect(await parts.adapter('Interaction').find('same')).toBeUndefined();
  });

  test('consume marks once; a second time is refused', async () => {
    const codes = parts.adapter('AuthorizationCode');
    await codes.upsert('c', { grantId: 'g', exp: Math.floor(parts.clock.now() / 1000) + 30 }, 30);
    await codes.consume('c');
    expect(await codes.find('c')).toMatchObject({ consumed: expect.any(Number), grantId: 'g' });
    await expect(codes.consume('c')).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  test('two processes that consume the same code at once: one commit is refused', async () => {
    const other = parts.sibling();
    await parts
      .adapter('AuthorizationCode')
      .upsert('c', { exp: Math.floor(parts.clock.now() / 1000) + 30 }, 30);
    const tries = [parts, other].map((p) => p.unit.run(() => p.adapter('AuthorizationCode').consume('c')));
    const results = await Promise.allSettled(tries);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('revokeByGrantId ends what came from the grant and nothing else', async () => {
    const [tokens, codes] = [parts.adapter('AccessToken'), parts.adapter('AuthorizationCode')];
    await tokens.upsert('t1', { grantId: 'g1' }, 60);
    await codes.upsert('c1', { grantId: 'g1' }, 60);
    await tokens.upsert('t2', { grantId: 'g2' }, 60);
    await tokens.revokeByGrantId('g1');
    expect(await tokens.find('t1')).toBeUndefined();
    expect(await codes.find('c1')).toBeUndefined();
    expect(await tokens.find('t2')).toBeDefined();
  });

  test('expiry ends a record, and its traces go with later writes', async () => {
    const sessions = parts.adapter('Session');
    await sessions.upsert('a', { uid: 'u' }, 60);
    await parts.adapter('AccessToken').upsert('t', { grantId: 'g' }, 60);
    parts.clock.advance(61);
    expect(await sessions.find('a')).toBeUndefined();
    await sessions.upsert('b', { uid: 'v' }, 60);
    const rows = (table: string) => [...parts.store.range(table)].length;
    expect([rows('bridge/records'), rows('bridge/expiry'), rows('bridge/groups')]).toEqual([2, 2, 0]);
  });

  test('a record that was renewed outlives its first expiry', async () => {
    const sessions = parts.adapter('Session');
    await sessions.upsert('a', { uid: 'u' }, 60);
    parts.clock.advance(50);
    await sessions.upsert('a', { uid: 'u' }, 60);
    parts.clock.advance(20);
    await sessions.upsert('b', { uid: 'v' }, 60);
    expect(await sessions.find('a')).toBeDefined();
  });

  test('login_hint is not kept', async () => {
    const interactions = parts.adapter('Interaction');
    await interactions.upsert('i', { params: { client_id: 'a', login_hint: '+8613800001111' } }, 60);
    expect(await interactions.find('i')).toEqual({ params: { client_id: 'a' } });
  });

  test('clients are never written', async () => {
    await expect(parts.adapter('Client').upsert('a', {})).rejects.toThrow(TypeError);
  });
});

describe('a unit of work', () => {
  test('commits everything at its end, at once, and shows it before', async () => {
    const sessions = parts.adapter('Session');
    await parts.unit.run(async () => {
      await sessions.upsert('a', { uid: 'u' }, 60);
      await parts.adapter('Grant').upsert('g', {}, 60);
      expect(await sessions.find('a')).toBeDefined();
      expect(parts.faults.commits).toBe(0);
    });
    expect(parts.faults.commits).toBe(1);
    expect(await parts.sibling().adapter('Session').find('a')).toBeDefined();
  });

  test('that fails, or whose commit fails, has written nothing', async () => {
    const sessions = parts.adapter('Session');
    const failing = parts.unit.run(async () => {
      await sessions.upsert('a', { uid: 'u' }, 60);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    parts.faults.fail = true;
    await expect(
      parts.unit.run(() => Promise.resolve(sessions.upsert('b', { uid: 'v' }, 60))),
    ).rejects.toThrow('disk full');
    parts.faults.fail = false;
    expect([await sessions.find('a'), await sessions.find('b')]).toEqual([undefined, undefined]);
  });

  test('inside another is part of it', async () => {
    await parts.unit.run(() =>
      parts.unit.run(() => Promise.resolve(parts.adapter('Session').upsert('a', { uid: 'u' }, 60))),
    );
    expect(parts.faults.commits).toBe(1);
  });
});

describe('what may come soon', () => {
  const onDisk = () => [...parts.store.range('bridge/records')].length;

  test('is seen by the next request and decided before the answer, and waits for no disk', async () => {
    await parts.unit.run(
      () => parts.adapter('Interaction').upsert('i', { uid: 'u' } as never, 60) as Promise<void>,
    );
    expect([parts.faults.commits, onDisk()]).toEqual([0, 0]);
    expect(await parts.adapter('Interaction').find('i')).toBeDefined();
    await parts.unit.flush();
    expect([parts.faults.commits, onDisk()]).toEqual([1, 1]);
  });

  test('waits when the same request writes something lasting', async () => {
    await parts.unit.run(async () => {
      await parts.adapter('Grant').upsert('g', {}, 60);
      await parts.adapter('AuthorizationCode').upsert('c', { grantId: 'g' }, 60);
    });
    expect([parts.faults.commits, onDisk()]).toEqual([1, 2]);
  });

  test('is on disk when a later code is: no death leaves the code without its grant', async () => {
    await parts.unit.run(() => parts.adapter('Grant').upsert('g', {}, 60) as Promise<void>);
    await parts.unit.run(
      () => parts.adapter('AuthorizationCode').upsert('c', { grantId: 'g' }, 60) as Promise<void>,
    );
    expect([parts.faults.commits, onDisk()]).toEqual([1, 2]);
  });

  test('and is refused, has written nothing', async () => {
    const refused = parts.unit.run(async () => {
      await parts.adapter('Interaction').upsert('i', {}, 60);
      await parts.unit.defer(() => {
        throw new RangeError('raced');
      }, 'soon');
    });
    await expect(refused).rejects.toThrow(RangeError);
    expect(await parts.adapter('Interaction').find('i')).toBeUndefined();
  });

  test('is unknown, and the failure logged, when the disk refuses it', async () => {
    const error = vi.fn();
    const unit = createUnitOfWork(writeBehindOf(parts.store), { error });
    parts.faults.fail = true;
    await unit.run(() => unit.put('t', new Uint8Array(1), new Uint8Array(1), 'soon'));
    await unit.flush();
    expect(error.mock.calls).toEqual([['store.flush_failed', { cause: 'disk full' }]]);
    expect(unit.get('t', new Uint8Array(1))).toBeUndefined();
  });
});

describe('a disk that refuses or is slow', () => {
  test('takes along whoever had read what it lost: no session without its account', async () => {
    await parts.unit.run(() => parts.adapter('Grant').upsert('g', {}, 60) as Promise<void>);
    const late = parts.unit.run(async () => {
      expect(await parts.adapter('Grant').find('g')).toBeDefined();
      parts.faults.fail = true;
      await parts.unit.flush();
      parts.faults.fail = false;
      await parts.adapter('AuthorizationCode').upsert('c', { grantId: 'g' }, 60);
    });
    await expect(late).rejects.toMatchObject({ code: 'reads_lost' });
    expect(await parts.adapter('AuthorizationCode').find('c')).toBeUndefined();
    const next = parts.unit.run(() => parts.adapter('Grant').upsert('h', {}, 60) as Promise<void>);
    await expect(next).resolves.toBeUndefined();
  });

  test('makes requests wait once too much is pending, whatever they write', async () => {
    const bytes = (i: number) => Uint8Array.of(i >> 8, i & 255);
    const fill = async () => {
      for (let i = 0; i < 2_000; i++) await parts.unit.put('t', bytes(i), bytes(i), 'soon');
    };
    await parts.unit.run(fill);
    expect(parts.faults.commits).toBe(0);
    await parts.unit.run(() => parts.unit.put('t', bytes(1), bytes(1), 'soon'));
    expect(parts.faults.commits).toBe(1);
  });
});

describe('sealed records', () => {
  test('cannot be read under another key or moved to another place', async () => {
    await parts.records.put('kind', 'a', { secret: 'open sesame' }, parts.clock.now() + 1000);
    await parts.records.put('kind', 'b', { secret: 'other' }, parts.clock.now() + 1000);
    const [one, two] = [...parts.store.range('bridge/records')];
    if (!one || !two) throw new TypeError('two records');
    expect(Buffer.from(one[1]).toString('latin1') + Buffer.from(two[1]).toString('latin1')).not.toContain(
      'sesame',
    );
    await parts.store.transact((writer) => {
      writer.put('bridge/records', one[0], two[1]);
      writer.put('bridge/records', two[0], one[1]);
    });
    expect(() => parts.sibling().records.find('kind', 'a')).toThrow();
    const foreign = createRecords({
      unit: parts.unit,
      sealer: createSealer(new Uint8Array(32)),
      clock: parts.clock,
    });
    expect(() => foreign.find('kind', 'a')).toThrow();
  });
});
