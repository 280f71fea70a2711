import { type Bytes, equalBytes, toHex } from '@attestel/core';
import {
  consistencyProof,
  hashLeaf,
  inclusionProof,
  nodesOf,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from '@attestel/proof';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Ledger, ledgerRoutes } from '../../src/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { decodeBundle } from '../../src/tiles/bundle.ts';
import { withTiles } from '../../src/tiles/tile-nodes.ts';
import { formatTilePath } from '../../src/tiles/tile-path.ts';
import { callRoutes } from '../fixtures/call-route.ts';
import { ANN, addition, openTestLedger } from '../fixtures/open-test-ledger.ts';

let ledger: Ledger;
let entries: Bytes[];
beforeAll(async () => {
  const genesis = await Promise.all(
    Array.from({ length: 602 }, (_, sequence) => addition(ANN, sequence, { body: { amount: 0 } })),
  );
  ledger = await openTestLedger({ genesis });
  entries = Array.from(ledger.entries(0, 10_000), ({ bytes }) => bytes);
});

const get = (path: string) =>
  callRoutes(ledgerRoutes(ledger), new URL(`https://node.example/v1/ledger/tlog/${path}`));
const bytesAt = async (path: string): Promise<Bytes> => {
  const { status, body } = await get(path);
  expect([path, status]).toEqual([path, 200]);
  return body as Bytes;
};

const rootOf = (leaves: readonly Bytes[]): Bytes =>
  treeRoot(
    sha256,
    leaves.map((leaf) => hashLeaf(sha256, leaf)),
  );

/** The definition of the standard, word for word: MTH(D[(n·256 + i)·256^l : (n·256 + i + 1)·256^l]). */
const naiveTile = (level: number, index: number, width: number): string =>
  Array.from({ length: width }, (_, i) => {
    const span = 256 ** level;
    const at = (index * 256 + i) * span;
    return toHex(rootOf(entries.slice(at, at + span)));
  }).join('');

describe('tiles of a ledger', () => {
  it('are those of the definition, full and partial, on every level', async () => {
    expect(entries.length).toBe(603);
    expect(toHex(await bytesAt('tile/0/000'))).toBe(naiveTile(0, 0, 256));
    expect(toHex(await bytesAt('tile/0/001'))).toBe(naiveTile(0, 1, 256));
    expect(toHex(await bytesAt('tile/0/002.p/91'))).toBe(naiveTile(0, 2, 91));
    expect(toHex(await bytesAt('tile/0/002.p/17'))).toBe(naiveTile(0, 2, 17));
    expect(toHex(await bytesAt('tile/1/000.p/2'))).toBe(naiveTile(1, 0, 2));
  });

  it('are not served beyond the log', async () => {
    for (const path of [
      'tile/0/002',
      'tile/0/002.p/92',
      'tile/0/003.p/1',
      'tile/1/000.p/3',
      'tile/2/000.p/1',
      'tile/63/000.p/1',
      'tile/0%2F000',
      'tile/0/%30%30%30',
    ]) {
      expect((await get(path)).status).toBe(404);
    }
    expect((await get('tile/0/0')).status).toBe(404);
    expect((await get('tile/0/000?x=1')).status).toBe(400);
  });

  it('may be kept for ever, and the checkpoint may not', async () => {
    expect((await get('tile/0/000')).headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': expect.stringContaining('immutable'),
    });
    expect(await get('checkpoint')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' },
      body: ledger.head().checkpoint,
    });
  });

  it('come with bundles of the entries they are made of', async () => {
    expect(decodeBundle(await bytesAt('tile/entries/000'), 256)).toEqual(entries.slice(0, 256));
    expect(decodeBundle(await bytesAt('tile/entries/002.p/91'), 91)).toEqual(entries.slice(512));
  });

  it('give inclusion and consistency proofs that verify', async () => {
    const { size, root } = ledger.head();
    const fetchTile = async (address: Parameters<typeof formatTilePath>[0]) =>
      bytesAt(`tile/${formatTilePath(address)}`);
    for (const index of [0, 255, 256, 511, 512, 602]) {
      const path =
        (await withTiles(fetchTile, size, (nodeAt) => inclusionProof(sha256, nodeAt, index, size))) ?? [];
      const leafHash = hashLeaf(sha256, entries[index] as Bytes);
      verifyInclusion(sha256, { leafHash, index, size, path, root });
    }
    for (const from of [1, 201, 256, 402, 512, 602]) {
      const path =
        (await withTiles(fetchTile, size, (nodeAt) => consistencyProof(sha256, nodeAt, from, size))) ?? [];
      const fromRoot = rootOf(entries.slice(0, from));
      verifyConsistency(sha256, { from, to: size, fromRoot, toRoot: root, path });
    }
  });

  it('are not believed when they have another length', async () => {
    const short = async () => new Uint8Array(31);
    expect(await withTiles(short, 603, (nodeAt) => inclusionProof(sha256, nodeAt, 0, 603))).toBeUndefined();
    const absent = async () => undefined;
    expect(await withTiles(absent, 603, (nodeAt) => inclusionProof(sha256, nodeAt, 0, 603))).toBeUndefined();
  });

  it('lead through three levels of a large log with a few requests', async () => {
    const size = 70_000;
    const leaves = Array.from({ length: size }, (_, i) => sha256(Uint8Array.of(i >> 16, i >> 8, i)));
    const whole = nodesOf(sha256, leaves);
    let requests = 0;
    const fetchTile = async ({ level, index, width }: Parameters<typeof formatTilePath>[0]) => {
      requests += 1;
      const tile = Array.from({ length: width }, (_, i) => [
        ...whole((level as number) * 8, index * 256 + i),
      ]);
      return Uint8Array.from(tile.flat());
    };
    const path = await withTiles(fetchTile, size, (nodeAt) => inclusionProof(sha256, nodeAt, 66_001, size));
    const expected = inclusionProof(sha256, whole, 66_001, size);
    expect(path?.every((hash, i) => equalBytes(hash, expected[i] as Bytes))).toBe(true);
    expect(requests).toBeLessThan(8);
  });
});
