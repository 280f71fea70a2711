import type { JsonValue } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { accessModule } from '../../../src/host/access/access-module.ts';
import type { Asking } from '../../../src/host/queries/reader-of.ts';
import type { Module, Reader } from '../../../src/module/module.ts';
import { type Toy, toyModule } from '../toy-module.ts';
import {
  CHANNEL,
  did,
  fakeCredentials,
  get,
  MODULE,
  type Node,
  type NodeOptions,
  openWorld,
  run,
  settleAll,
} from '../world.ts';

const ACCESS = 'host.access@1';
const toy = toyModule({
  visible: ({ movers }: Toy, { party, channel, holds }: Reader) =>
    movers.includes(party) || holds('Auditor', { channel }) !== undefined,
  queries: {
    count: {
      summary: { 'zh-CN': '', en: '' },
      schema: { type: 'object', additionalProperties: false },
      run: ({ rows }: { rows: Iterable<unknown> }) => [...rows].length,
    },
  },
} as unknown as Partial<Module<Toy>>);
const withAccess = [toy, accessModule() as unknown as Module];

/** A and B deal with each other; C is told of nothing, and may look at all as auditor. */
async function open(options: NodeOptions = {}, modules: readonly Module[] = withAccess) {
  const world = await openWorld();
  const auditor = world.organisations[2]?.did ?? '';
  const held = [{ type: 'Auditor', subject: auditor, issuer: 'x', claims: { channel: CHANNEL } }];
  const credentials = fakeCredentials(held as JsonValue[]);
  const a = await world.node(0, { modules, credentials, ...options });
  const b = await world.node(1, { modules, credentials });
  const { id, line } = await run(a, 'register', { serial: 'S-1', with: [did(b)] });
  await settleAll([a, b]);
  const size = () => world.consortium.ledger.head().size;
  return { world, a, b, id, line, auditor, reader: { actor: auditor } as Asking, size };
}

const readsAt = (node: Node, args: object = {}, reader: Asking = { actor: did(node) }) =>
  node.host.query({
    ...{ channel: CHANNEL, module: ACCESS, query: 'reads', reader },
    args: { limit: 100, ...args } as JsonValue,
  });

describe('what an auditor reads of what is not its own', () => {
  it('is on the ledger before it is answered, and its parties find who read what', async () => {
    const { world, a, b, id, auditor, reader, size } = await open();
    const before = size();
    expect(await get(a, id, { reader })).toMatchObject({ id });
    const logged = Array.from(world.consortium.ledger.entries(before, 10), ({ bytes }) => Buffer.from(bytes));
    expect(logged.length).toBeGreaterThan(0);
    for (const secret of [id, auditor, 'test.toy'])
      expect(logged.some((leaf) => leaf.includes(Buffer.from(secret)))).toBe(false);
    await settleAll([a, b]);
    const found = { reader: auditor, actor: auditor, module: 'test.toy', object: id, line: null, by: did(a) };
    for (const node of [a, b])
      expect(await readsAt(node, { object: id })).toEqual([expect.objectContaining(found)]);
    // The auditor sees what it did itself.
    expect(await readsAt(a, {}, reader)).toHaveLength(1);
    expect(b.host.disputes()).toEqual([]);
    for (const node of [a, b]) expect(node.host.verify().faults).toEqual([]);
  });

  it('is one record in an hour, however often and from however many at once', async () => {
    const { a, id, reader, size } = await open();
    const before = size();
    await Promise.all(Array.from({ length: 5 }, () => get(a, id, { reader })));
    await a.host.close();
    await a.reopen();
    await get(a, id, { reader });
    await a.host.history({ channel: CHANNEL, module: MODULE, id, reader });
    // The line and its block.
    expect(size()).toBe(before + 2);
  });

  it('leaves nothing where it is their own, or where they may not read at all', async () => {
    const { world, a, b, id, line, size } = await open();
    const before = size();
    await get(a, id);
    await get(a, id, { reader: { actor: did(b) } });
    await a.host.payload({ line, reader: { actor: did(b) } });
    const stranger = { actor: 'did:mno:test:stranger' };
    await expect(get(a, id, { reader: stranger })).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(a.host.payload({ line, reader: stranger })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    const c = world.organisations[2]?.did ?? '';
    await expect(get(a, 'f'.repeat(32), { reader: { actor: c } })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(size()).toBe(before);
  });

  it('shows payloads and their history too, each recorded', async () => {
    const { a, b, id, line, reader } = await open();
    const entries = await a.host.history({ channel: CHANNEL, module: MODULE, id, reader });
    expect(entries).toMatchObject([{ payload: 'checked', command: 'register' }]);
    expect(await a.host.payload({ line, reader })).toMatchObject({ payload: { party: did(a) } });
    await settleAll([a, b]);
    const reads = (await readsAt(b)) as { line: string | null }[];
    expect(reads.map((one) => one.line).sort()).toEqual([line, null].sort());
  });

  it('is told to every member where a query was made from what is not the reader’s', async () => {
    const { a, b, id, auditor, reader, size } = await open();
    const ask = (asking: Asking) =>
      a.host.query({ channel: CHANNEL, module: MODULE, query: 'count', args: {}, reader: asking });
    const before = size();
    expect(await ask({ actor: did(b) })).toBe(1);
    expect(size()).toBe(before);
    expect(await ask(reader)).toBe(1);
    await ask(reader);
    expect(size()).toBe(before + 2);
    await settleAll([a, b]);
    expect(await readsAt(b, { object: id })).toMatchObject([
      { reader: auditor, object: null, query: 'count' },
    ]);
  });
});

describe('a reading that cannot be recorded', () => {
  const refused = { code: 'access_unrecorded', kind: 'unavailable' };

  it('is refused where the node does not run the module of records', async () => {
    const { a, id, line, reader, size } = await open({}, [toy]);
    const before = size();
    const query = { channel: CHANNEL, module: MODULE, reader };
    await expect(get(a, id, { reader })).rejects.toMatchObject(refused);
    await expect(a.host.history({ ...query, id })).rejects.toMatchObject(refused);
    await expect(a.host.payload({ line, reader })).rejects.toMatchObject(refused);
    await expect(a.host.query({ ...query, query: 'count', args: {} })).rejects.toMatchObject(refused);
    expect(size()).toBe(before);
  });

  it('is refused where the party may no longer write in the channel', async () => {
    const { world, a, id, reader } = await open();
    const body = { channel: CHANNEL, dids: [did(a)] };
    await world.consortium.govern('channel', 'members.remove', body, world.organisations, CHANNEL);
    await expect(get(a, id, { reader })).rejects.toMatchObject(refused);
    expect(await get(a, id)).toMatchObject({ id });
  });

  it('is refused whatever write fails before the record is durable, and works when writes do', async () => {
    let failing = false;
    const fault = () => {
      if (failing) throw new Error('disk');
    };
    for (const options of [{ storeFaults: { beforeCommit: fault } }, { diskFaults: { before: fault } }]) {
      const { a, id, reader } = await open(options as NodeOptions);
      failing = true;
      await expect(get(a, id, { reader })).rejects.toMatchObject(refused);
      failing = false;
      await a.reopen();
      expect(await get(a, id, { reader })).toMatchObject({ id });
      expect(await readsAt(a)).not.toEqual([]);
    }
  });
});
