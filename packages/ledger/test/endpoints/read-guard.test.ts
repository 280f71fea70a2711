import { type HttpResponse, toBase64url, toHex } from '@attestel/core';
import { hashLeaf } from '@attestel/proof';
import { describe, expect, it } from 'vitest';
import { type LedgerModule, ledgerRoutes, type Operation, type ReadGuard } from '../../src/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { callRoutes } from '../fixtures/call-route.ts';
import { counterModule } from '../fixtures/counter-module.ts';
import { ANN, addition, BOB, openTestLedger } from '../fixtures/open-test-ledger.ts';

/** Keeps the counters of each namespace apart, and takes notes as attachments. */
const inChannels: LedgerModule = {
  ...counterModule,
  inChannels: true,
  apply(state, { payload }) {
    state.put(`${payload.ns}|all`, 1);
    return [];
  },
};

/** Whoever shows the word reads the channel `gd`. */
const guard: ReadGuard = {
  readerOf: async ({ headers }) => {
    return (ns) => ns === 'main' || headers.authorization === 'Bearer word';
  },
  namespaceOf: (_, key) => key.split('|')[0] ?? '',
};

/** Entry 0 stands in `main`, entry 1 with its note in `gd`, entry 2 closes the block. */
async function opened() {
  const ledger = await openTestLedger({ modules: [inChannels], namespaceRule: () => {} });
  const plain = await addition(BOB, 0, { kind: 'note', ns: 'gd' });
  const secret: Operation = { ...plain, attachment: Uint8Array.of(1, 2, 3) };
  const results = await ledger.submit([await addition(ANN, 0), secret]);
  expect(results).toMatchObject([{ ok: true }, { ok: true }]);
  const routes = ledgerRoutes(ledger, { guard });
  const get = (path: string, authorization?: string): Promise<HttpResponse> =>
    callRoutes(routes, new URL(`https://node.example/v1/ledger/${path}`), {
      headers: authorization === undefined ? {} : { authorization },
    });
  return { ledger, get, secret };
}

describe('what stands in a channel that is not public', () => {
  it('is listed to strangers as the hash that it has under the root', async () => {
    const { ledger, get } = await opened();
    const [open, hidden, block] = Array.from(ledger.entries(0, 3), ({ bytes }) => bytes);
    if (!open || !hidden || !block) throw new Error('three entries');
    const listed = JSON.parse(String((await get('entries')).body));
    expect(listed.entries).toEqual([
      { index: 0, entry: toBase64url(open) },
      { index: 1, hash: toBase64url(hashLeaf(sha256, hidden)) },
      { index: 2, entry: toBase64url(block) },
    ]);
    const read = JSON.parse(String((await get('entries', 'Bearer word')).body));
    expect(read.entries[1]).toEqual({ index: 1, entry: toBase64url(hidden) });
  });

  it.each([
    ['its receipt', () => 'entries/1/receipt'],
    ['its state', () => 'state/counter/gd%7Call'],
    ['its absence from the state', () => 'state/counter/gd%7Cnone'],
    ['its attachment', ({ id }: Operation) => `attachments/${toHex(id)}`],
    ['a bundle with it', () => 'tlog/tile/entries/000.p/3'],
  ])('%s is given to those who may read it only', async (_, pathOf) => {
    const { get, secret } = await opened();
    const path = pathOf(secret);
    const refused = await get(path);
    expect(refused.status).toBe(403);
    expect(JSON.parse(String(refused.body))).toMatchObject({ code: 'entry_withheld' });
    const given = await get(path, 'Bearer word');
    expect(given.status).toBe(200);
    expect(String(given.headers?.['cache-control'])).not.toContain('public');
  });

  it('is told to strangers who listen as an index without a word of it', async () => {
    const { get, secret } = await opened();
    const { body } = await get('events');
    const parts = (body as AsyncIterable<string>)[Symbol.asyncIterator]();
    await parts.next();
    const page = String((await parts.next()).value);
    expect(page).toContain('id: 1\nevent: withheld\ndata: {"index":1}\n\n');
    expect(page).not.toContain(secret.payload.actor);
    await parts.return?.();
  });

  it('keeps nobody from the hashes, the checkpoint and what stands in main', async () => {
    const { get } = await opened();
    for (const path of [
      'tlog/tile/0/000.p/3',
      'checkpoint',
      'entries/0/receipt',
      'tlog/tile/entries/000.p/1',
    ]) {
      expect((await get(path)).status, path).toBe(200);
    }
  });
});

it.each([
  ['a%00b', 'key'],
  [`${'m'.repeat(300)}`, 'key'],
  ['Counter', 'key'],
  ['counter', 'k'.repeat(600)],
])('no module or key that cannot be is looked up', async (module, key) => {
  const { get } = await opened();
  expect((await get(`state/${module}/${key}`)).status).toBe(400);
});
