import { createMemoryStore, type JsonValue } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Match, matches } from '../../../src/module/lookups.ts';
import type { Module, Query, Row } from '../../../src/module/module.ts';
import { shape, text } from '../../../src/module/shapes.ts';
import { type Toy, toyModule } from '../toy-module.ts';
import { CHANNEL, did, memoryDisk, type Node, openWorld, run } from '../world.ts';

const said = { 'zh-CN': '查询', en: 'A query' };
const query = (more: Partial<Query<Toy, never>>): Query<Toy, never> => ({
  summary: said,
  schema: shape({ serial: text(9), text: text(9) }, ['serial', 'text']),
  run: ({ rows }) => [...rows] as unknown as JsonValue,
  ...more,
});

/** Finds by serial number and texts; whoever is not the first mover sees no texts. */
const indexed = (change: Partial<Module<Toy>> = {}): Module =>
  toyModule({
    indexes: { serial: ({ serial }) => serial, text: ({ texts }) => texts },
    view: (state, { party }) => (state.movers[0] === party ? state : { ...state, texts: [] }) as never,
    queries: {
      all: query({ schema: shape({}) }),
      found: query({ by: ['text', 'serial'], paged: true }),
      linked: query({
        run: ({ rows, find }) => Array.from(rows, ({ state }) => [...find({ text: state.serial })].length),
      }),
    },
    ...change,
  });
const MODULE = 'test.toy@1';

const value = fc.constantFrom('a', 'b', 'c');
const pick = fc.nat(50);
const step = fc.oneof(
  fc.record({ kind: fc.constant('register' as const), value, with: fc.boolean() }),
  fc.record({ kind: fc.constant('note' as const), value, pick }),
  fc.record({ kind: fc.constant('note' as const), value, pick }),
  fc.record({ kind: fc.constant('join' as const), pick, other: pick }),
  fc.record({ kind: fc.constant('erase' as const), pick }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

class Played {
  readonly ids: string[] = [];
  readonly lines: string[] = [];
  readonly node: Node;
  readonly other: string;

  constructor(node: Node, other: string) {
    this.node = node;
    this.other = other;
  }

  async play(step: Step): Promise<void> {
    if (step.kind === 'register') {
      const data = { serial: step.value, with: step.with ? [this.other] : [] };
      const done = await run(this.node, 'register', data).catch(() => undefined);
      if (done) this.#took(done.line, done.id);
      return;
    }
    const id = this.ids[step.pick % this.ids.length];
    if (id === undefined) return;
    if (step.kind === 'note') this.#took((await run(this.node, 'note', { text: step.value }, { id })).line);
    else if (step.kind === 'join') {
      const other = this.ids[step.other % this.ids.length] ?? id;
      if (other !== id) this.#took((await run(this.node, 'join', { other }, { id })).line);
    } else {
      const line = this.lines[step.pick % this.lines.length] ?? '';
      await this.node.host.erase({ line, actor: did(this.node) });
    }
  }

  #took(line: string, id?: string): void {
    this.lines.push(line);
    if (id !== undefined) this.ids.push(id);
  }
}

const ask = (node: Node, name: string, args: JsonValue, more: { at?: number; actor?: string } = {}) => {
  const { at, actor = did(node) } = more;
  const asked = { channel: CHANNEL, module: MODULE, query: name, args, at, reader: { actor } };
  return node.host.query(asked) as Promise<unknown>;
};

const MATCHES: readonly { serial?: string; text?: string }[] = [
  ...['a', 'b', 'joined', '(erased)'].map((one) => ({ text: one })),
  ...['a', 'b', 'c'].map((serial) => ({ serial })),
  { serial: 'a', text: 'b' },
  {},
];

/** Whatever is asked, by whom and as of when: what the index finds is what looking at all objects finds. */
async function compare(node: Node, module: Module, other: string): Promise<void> {
  for (const more of [{}, { actor: other }, { at: 1_800_000_000 }, { at: 1_799_999_999 }]) {
    const all = (await ask(node, 'all', {}, more)) as readonly Row<JsonValue>[];
    for (const match of MATCHES) {
      const found = await ask(node, 'found', match, more);
      expect(found).toEqual(all.filter((row) => matches(module, row, match as Match)));
    }
  }
}

const entriesOf = (node: Node): number => [...node.store.range('contract.index')].length;

describe('queries by index', () => {
  it('find what a look at all objects finds, after whatever was done and erased', async () => {
    const steps = fc.array(step, { minLength: 5, maxLength: 25 });
    const run = async (some: readonly Step[]): Promise<void> => {
      const world = await openWorld();
      const module = indexed();
      const node = await world.node(0, { modules: [module] });
      const other = world.organisations[1]?.did ?? '';
      const played = new Played(node, other);
      for (const one of some) await played.play(one);
      await compare(node, module, other);
      const states = (await ask(node, 'all', {})) as readonly Row<Toy>[];
      // An object of which only the payload that began it was erased has the serial number ''.
      const expected = states.map(({ state }) => new Set(state.texts).size + 1);
      expect(entriesOf(node)).toBe(expected.reduce((sum, count) => sum + count, 0));
      expect(node.host.verify().faults).toEqual([]);
      await node.reopen();
      await compare(node, module, other);
    };
    await fc.assert(fc.asyncProperty(steps, run), { numRuns: 8 });
  }, 120_000);

  it('give a list in parts that are the whole list together, each object in one', async () => {
    const world = await openWorld();
    const node = await world.node(0, { modules: [indexed()] });
    const played = new Played(node, '');
    for (let i = 0; i < 7; i += 1) await run(node, 'register', { serial: `S-${i}` });
    for (const { id } of (await ask(node, 'all', {})) as readonly Row<Toy>[]) played.ids.push(id);
    for (const pick of [0, 1, 2, 4, 6]) await played.play({ kind: 'note', value: 'a', pick });
    const call = { channel: CHANNEL, module: MODULE, query: 'found', reader: { actor: did(node) } };
    for (const [args, limit] of [[{}, 3] as const, [{ text: 'a' }, 2] as const, [{}, 7] as const]) {
      const parts: unknown[][] = [];
      let after: string | undefined;
      do {
        const part = await node.host.queryPart({ ...call, args, limit, after });
        parts.push(part.result as unknown[]);
        after = part.next ?? undefined;
      } while (after !== undefined);
      expect(parts.flat()).toEqual(await ask(node, 'found', args));
      expect(parts.slice(0, -1).every(({ length }) => length === limit)).toBe(true);
      expect(parts.at(-1)?.length).toBeGreaterThan(0);
    }
    await expect(node.host.queryPart({ ...call, query: 'all', args: {}, limit: 3 })).rejects.toMatchObject({
      code: 'invalid_argument',
      field: '/limit',
    });
  });

  it('go from one object to those that it leads to', async () => {
    const world = await openWorld();
    const node = await world.node(0, { modules: [indexed()] });
    const first = await run(node, 'register', { serial: 'a' });
    await run(node, 'note', { text: 'b' }, { id: first.id });
    await run(node, 'register', { serial: 'b' });
    expect(((await ask(node, 'linked', {})) as number[]).sort()).toEqual([0, 1]);
  });

  it('find by the rules of a new version of the module what was there before it', async () => {
    const world = await openWorld();
    const kept = {
      store: createMemoryStore(),
      disk: memoryDisk(),
      mac: async (m: Uint8Array) => m.slice(-32),
    };
    const before = await world.node(0, { ...kept, modules: [toyModule()] });
    const { id } = await run(before, 'register', { serial: 'V-1' });
    await run(before, 'note', { text: 'a' }, { id });
    expect(entriesOf(before)).toBe(0);
    const after = await world.node(0, { ...kept, modules: [toyModule(), indexed({ version: '2' })] });
    expect(entriesOf(after)).toBe(2);
    const call = { channel: CHANNEL, args: { text: 'a' }, reader: { actor: did(after) } };
    const found = await after.host.query({ ...call, module: 'test.toy@2', query: 'found' });
    expect(found).toMatchObject([{ id, state: { serial: 'V-1' } }]);
    expect(after.host.verify().faults).toEqual([]);
  });

  it('of an older version look at all, since that one may find by other rules', async () => {
    const world = await openWorld();
    const newer = indexed({ version: '2', indexes: { serial: () => 'none', text: () => undefined } });
    const node = await world.node(0, { modules: [indexed(), newer] });
    const { id } = await run(node, 'register', { serial: 'a' });
    expect(await ask(node, 'found', { serial: 'a' })).toMatchObject([{ id }]);
  });

  it('tell nobody by the table what objects are about, and a lost entry is a fault', async () => {
    const world = await openWorld();
    const node = await world.node(0, { modules: [indexed()] });
    const { line } = await run(node, 'register', { serial: 'SECRET' });
    const [entry] = [...node.store.range('contract.index')];
    const [key = new Uint8Array(), stored = new Uint8Array()] = entry ?? [];
    expect([key.length, stored.length]).toEqual([32, 0]);
    expect(Buffer.from(key).toString('latin1')).not.toContain('SECRET');
    await node.store.transact((writer) => writer.delete('contract.index', key));
    expect(node.host.verify().faults).toMatchObject([{ line, what: 'index' }]);
  });
});
