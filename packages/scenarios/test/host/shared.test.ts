import { type JsonValue, toHex } from '@attestel/core';
import { moduleDigestOf } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { refOfObject } from '../../src/host/ledger-view.ts';
import { createModuleDecider } from '../../src/host/shared/module-decider.ts';
import { digestOfModule } from '../../src/module/declaration.ts';
import type { Module } from '../../src/module/module.ts';
import { toyModule } from './toy-module.ts';
import { CHANNEL, did, get, MODULE, type Node, openWorld, run, settleAll, type World } from './world.ts';

const decider = createModuleDecider(toyModule());
const digest = moduleDigestOf(decider.declaration);

interface Played {
  readonly world: World;
  readonly nodes: readonly [Node, Node];
  readonly ids: readonly [string, string];
}

/** One story, wherever the module runs. */
async function play(world: World): Promise<Played> {
  const [a, b] = [await world.node(0), await world.node(1)];
  const one = await run(a, 'register', { serial: 'S-1', with: [did(b)] });
  const two = await run(a, 'register', { serial: 'S-2', with: [did(b)] });
  await settleAll([a, b]);
  await run(b, 'note', { text: 'b was here' }, { id: one.id });
  await settleAll([a, b]);
  await run(a, 'join', { other: two.id }, { id: one.id });
  await run(a, 'measure', { items: [{ v: 3 }, { v: 4 }] }, { id: two.id });
  await settleAll([a, b]);
  return { world, nodes: [a, b], ids: [one.id, two.id] };
}

// Founders of the two worlds have different DIDs: by their places they are the same.
const placed = (state: JsonValue, { nodes }: Played): JsonValue =>
  JSON.parse(
    nodes.reduce((text, node, i) => text.replaceAll(did(node), `party ${i}`), JSON.stringify(state)),
  ) as JsonValue;

describe('a module that runs private here and shared there', () => {
  it('comes to the same states by the same commands', async () => {
    const apart = await play(await openWorld());
    const together = await play(await openWorld({ deciders: [decider], shared: [digest] }));
    for (const party of [0, 1] as const) {
      for (const object of [0, 1] as const) {
        const [one, other] = await Promise.all([
          get(apart.nodes[party], apart.ids[object]),
          get(together.nodes[party], together.ids[object]),
        ]);
        expect(placed(other.state, together)).toEqual(placed(one.state, apart));
        expect(other.lines).toBe(one.lines);
      }
    }
    expect(await together.world.consortium.verify()).toMatchObject({ ok: true });
  });

  it.each([
    ['private', {}],
    ['shared', { deciders: [decider], shared: [digest] }],
  ] as const)('keeps serial numbers unique across parties: %s', async (_, options) => {
    const world = await openWorld(options);
    const [a, b] = [await world.node(0), await world.node(1)];
    await run(a, 'register', { serial: 'S-3' });
    await run(b, 'register', { serial: 'S-3' }).catch(() => {});
    await settleAll([a, b]);
    await expect(run(b, 'register', { serial: 'S-3' })).rejects.toMatchObject({ code: 'already_exists' });
  });

  it('has one digest in both', () => {
    expect(digestOfModule(toyModule())).toBe(toHex(digest));
  });
});

describe('a shared command', () => {
  it('is refused by the same rules, and leaves nothing', async () => {
    const world = await openWorld({ deciders: [decider], shared: [digest] });
    const [a, c] = [await world.node(0), await world.node(2)];
    const begun = await run(a, 'register', { serial: 'S-4' });
    const { size } = world.consortium.ledger.head();
    const refusals: [Promise<unknown>, string][] = [
      [run(c, 'note', { text: 'not mine' }, { id: begun.id }), 'permission_denied'],
      [run(a, 'note', { text: 'refuse' }, { id: begun.id }), 'conflict'],
      [run(a, 'note', { text: 'x' }, { id: begun.id, head: '0'.repeat(64) }), 'head_conflict'],
      [run(a, 'note', { text: 'x', more: 1 }, { id: begun.id }), 'invalid_argument'],
      [run(a, 'note', { text: 'x' }, { id: begun.id, actor: 'did:mno:clerk' }), 'permission_denied'],
    ];
    for (const [promise, code] of refusals) await expect(promise).rejects.toMatchObject({ code });
    expect(world.consortium.ledger.head().size).toBe(size);
    expect([...a.store.range('contract.payload'), ...a.store.range('contract.outbox')]).toEqual([]);
    const query = { channel: CHANNEL, module: MODULE, query: 'serials', args: {} };
    expect(await a.host.query({ ...query, reader: { actor: did(a) } })).toEqual(['S-4']);
    expect(await a.host.query({ ...query, reader: { actor: did(c) } })).toEqual([]);
  });
});

describe('the decider of a module', () => {
  const context = {
    ...{ channel: CHANNEL, actor: 'did:mno:a', height: 1, time: 1, roles: [] },
    signedBy: () => true,
    read: () => undefined,
    beginning: () => undefined,
    governs: () => false,
    isBarred: () => false,
  };
  const [one, two] = ['1'.repeat(32), '2'.repeat(32)];
  const kept = {
    module: 'test.toy',
    id: one,
    state: { serial: 's', movers: ['did:mno:a'], texts: [], sum: 0 },
  };
  const headsOf = (ids: readonly string[]) =>
    ids.map((id) => ({ ref: toHex(refOfObject('test.toy', id)), rule: null }));
  const note = (change: object, states: unknown[] = [kept], ids: readonly string[] = [one, two]) =>
    decider.decide({
      heads: headsOf(ids).slice(0, states.length),
      states: states as never,
      command: {
        command: 'note',
        id: one,
        data: { text: 'x' },
        objects: [one],
        reads: [],
        credentials: [],
        ...change,
      } as never,
      context,
    });

  it('takes a command about the objects of the line', () => {
    expect(note({})).toEqual([
      { object: 0, type: 'noted', data: { id: one, data: { text: 'x' }, parties: ['did:mno:a'] } },
    ]);
  });

  it.each([
    ['another object than the ledger keeps there', { id: two, objects: [two] }, [kept]],
    ['an object of another module', {}, [{ ...kept, module: 'test.other' }]],
    ['more objects than the command moves', { objects: [one, two] }, [kept, { ...kept, id: two }]],
    ['fewer objects than the line', {}, [kept, kept]],
    ['one object twice', { objects: [one, one] }, [kept, kept]],
    ['an unknown field', { more: 1 }, [kept]],
  ])('refuses %s', (_, change, states) => {
    expect(() => note(change, states)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});

describe('a command that parties decide on, and that looks at what nodes execute', () => {
  const quoter = toyModule({ name: 'test.quoter', execution: ['private'] }) as unknown as Module;
  const toy = toyModule() as unknown as Module;

  it('sees its state, and so do all who check it, later too', async () => {
    const world = await openWorld({ deciders: [decider], shared: [digest] });
    const modules = [toy, quoter];
    const [a, b] = [await world.node(0, { modules }), await world.node(1, { modules })];
    const seen = await run(a, 'register', { serial: 'Q-1' });
    const own = { module: 'test.quoter@1' };
    const begun = await run(a, 'register', { serial: 'Q-2', with: [did(b)] }, own);
    await settleAll([a, b]);
    world.unreachable.add(did(b));
    const quoted = await run(a, 'quote', { other: seen.id }, { ...own, id: begun.id });
    // What was read has gone on when the other party checks.
    await run(a, 'note', { text: 'later' }, { id: seen.id });
    world.unreachable.delete(did(b));
    await settleAll([a, b]);
    expect(await get(b, begun.id, own)).toMatchObject({
      ...{ head: quoted.line, checked: true, disputedBy: null, state: { texts: ['Q-1'] } },
    });
  });
});
