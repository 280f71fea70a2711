import { EXIT_CODES, encodeCbor, type JsonValue } from '@attestel/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { proveTrace } from '../../src/data/block/prove-trace.ts';
import type { ObjectEvidence } from '../../src/host/evidence/object-evidence.ts';
import type { Kept } from '../../src/host/payload/payload.schema.ts';
import { openKept, readPayloadRecord, sealKept } from '../../src/host/store/payload-records.ts';
import { lineKey, TABLES } from '../../src/host/store/tables.ts';
import { CHANNEL, did, type Node, openWorld, settleAll } from '../host/world.ts';
import { act, MODULES } from './data-world.ts';

const hex = (byte: string): string => byte.repeat(32);

let nodes: readonly [Node, Node, Node];
let source: string;
let block: string;
/** Who holds it, one after another. */
let holders: readonly Node[];

const factsOf = (digest: string, derivedFrom: string | null): object => ({
  ...{ origin: did(nodes[0]), description: 'a block', digest, watermark: null, derivedFrom, right: 'use' },
});

const move = (node: Node, command: string, id: string, data: object = {}) =>
  act(node, { channel: CHANNEL, module: 'block', command, id, data });

const evidenceAt = (node: Node, id: string): Promise<ObjectEvidence> =>
  node.host.evidence({ channel: CHANNEL, module: 'data.block@1', id, reader: { actor: did(node) } });

beforeAll(async () => {
  const world = await openWorld();
  nodes = [
    await world.node(0, { modules: MODULES }),
    await world.node(1, { modules: MODULES }),
    await world.node(2, { modules: MODULES }),
  ];
  const [a, b, c] = nodes;
  const register = (facts: object) =>
    act(a, { channel: CHANNEL, module: 'block', command: 'register', data: { facts } });
  source = (await register(factsOf(hex('11'), null))).id;
  block = (await register(factsOf(hex('22'), source))).id;
  holders = [a, b, c, a, b, c];
  for (const [number, to] of holders.entries()) {
    const from = holders[number - 1];
    if (!from) continue;
    await move(from, 'transfer', block, { to: did(to) });
    await settleAll(nodes);
    await move(to, 'receive', block);
    await settleAll(nodes);
  }
});

/** Another party proves it by the ledger at its own node, and by nothing that it keeps. */
const traceAt = (node: Node, shown: readonly ObjectEvidence[]) =>
  proveTrace((evidence) => node.host.prove(evidence), JSON.parse(JSON.stringify(shown)) as JsonValue[]);

describe('a block that went over five hops', () => {
  it('[D9] has a full path that any party can prove, back to what it was made from', async () => {
    const [a, b] = nodes;
    const way = await traceAt(b, [await evidenceAt(a, block), await evidenceAt(a, source)]);
    expect(way).toMatchObject([
      { id: block, derivedFrom: source, gaps: 0 },
      { id: source, derivedFrom: null, gaps: 0 },
    ]);
    expect(way[0]?.hops.map(({ holder }) => holder)).toEqual(holders.map(did));
    expect(way[1]?.hops.map(({ holder }) => holder)).toEqual([did(a)]);
  });

  const forgeries: [string, (lines: { line: string; kept: Kept }[]) => void, string][] = [
    ['inserted by a line of its own', (lines) => lines.splice(3, 0, lines[4] as never), 'line'],
    [
      'inserted in the place of another',
      (lines) => {
        const [hop] = lines.slice(2, 3);
        if (hop) hop.kept = { ...hop.kept, payload: { ...hop.kept.payload, party: did(nodes[0]) } };
      },
      'digest',
    ],
    [
      'hung on at the end',
      (lines) => lines.push({ line: 'f1'.repeat(32), kept: lines[2]?.kept as Kept }),
      'line_unknown',
    ],
    ['left out', (lines) => lines.splice(1, 2), 'line'],
  ];
  it.each(forgeries)('[D9] a hop that was %s is found: proof failed, exit code 6', async (_, forge, why) => {
    const [a, b] = nodes;
    const evidence = structuredClone(await evidenceAt(a, block));
    forge(evidence.lines as unknown as { line: string; kept: Kept }[]);
    const failed = await traceAt(b, [evidence]).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 'evidence_forged',
      kind: 'proof-failed',
      status: 422,
      extra: { why },
    });
    expect(EXIT_CODES['proof-failed']).toBe(6);
  });

  it('is shown whole to whoever has it now, and proved with gaps where something was erased', async () => {
    const [a, b, c] = nodes;
    const shown = await a.host.evidence({
      ...{ channel: CHANNEL, module: 'data.block@1', id: block, reader: { actor: did(c) } },
    });
    expect((await traceAt(c, [shown]))[0]?.hops).toHaveLength(holders.length);
    const erased = { ...shown, lines: shown.lines.map((one, i) => (i === 1 ? { ...one, kept: null } : one)) };
    expect((await traceAt(b, [erased]))[0]).toMatchObject({ gaps: 1 });
  });

  it('is not traced through another block, nor by another module', async () => {
    const [a, b] = nodes;
    const [first, last] = [await evidenceAt(a, block), await evidenceAt(a, source)];
    await expect(traceAt(b, [last, first])).rejects.toMatchObject({ extra: { why: 'derivedFrom' } });
    await expect(traceAt(b, [{ ...first, module: 'data.set' }])).rejects.toMatchObject({
      extra: { why: 'derivedFrom' },
    });
    await expect(traceAt(b, [{ ...first, more: 1 } as never])).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });

  it('is made of what its maker holds, and its origin is not written anew', async () => {
    const [a, b, c] = nodes;
    const register = (node: Node, facts: object) =>
      act(node, { channel: CHANNEL, module: 'block', command: 'register', data: { facts } });
    await expect(register(b, { ...factsOf(hex('33'), block), origin: did(b) })).rejects.toMatchObject({
      code: 'permission_denied',
      field: '/facts/derivedFrom',
    });
    await expect(register(a, factsOf(hex('33'), 'f'.repeat(32)))).rejects.toMatchObject({
      code: 'permission_denied',
    });
    const changed = { facts: factsOf(hex('22'), null) };
    await expect(move(c, 'update', block, changed)).rejects.toMatchObject({
      ...{ code: 'conflict', field: '/facts/derivedFrom' },
    });
  });

  it('[D9] a hop forged into the store of who shows it is found as well', async () => {
    const [a, b] = nodes;
    const { lines } = await evidenceAt(a, block);
    const [, , hop] = lines;
    const line = hop?.line ?? '';
    const record = readPayloadRecord(a.store, line);
    const kept = openKept(a.vault(), line, record?.sealed as Uint8Array);
    const forged: Kept = { ...kept, payload: { ...kept.payload, party: did(a) } };
    const value = encodeCbor({ ...record, sealed: sealKept(a.vault(), line, forged) } as never);
    await a.store.transact((writer) => writer.put(TABLES.payload, lineKey(line), value));
    await expect(traceAt(b, [await evidenceAt(a, block)])).rejects.toMatchObject({
      ...{ code: 'evidence_forged', field: '/lines/2', extra: { why: 'digest' } },
    });
  });
});
