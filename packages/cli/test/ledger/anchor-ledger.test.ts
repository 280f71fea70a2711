import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '@attestel/core';
import { createOrganisation } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import type { MemberNode } from '@attestel/server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { attestel } from '../harness/attestel.ts';
import { SOLO_PASSPHRASE, type SoloNode, soloNode } from '../harness/solo-node.ts';

let folder: string;
let parent: SoloNode;
let sub: SoloNode;
let subLedger: MemberNode;

beforeAll(async () => {
  vi.stubEnv('ATTESTEL_PASSPHRASE', SOLO_PASSPHRASE);
  folder = await mkdtemp(join(tmpdir(), 'attestel-anchor-'));
  [parent, sub] = [await soloNode(folder, 'parent'), await soloNode(folder, 'branch')];
  for (const node of [parent, sub]) expect((await node.found()).code).toBe(0);
  await parent.start();
  subLedger = await sub.start();
});
afterAll(async () => {
  for (const node of [parent, sub]) await node.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => void vi.stubEnv('ATTESTEL_PASSPHRASE', SOLO_PASSPHRASE));
afterEach(() => void vi.unstubAllEnvs());

/** Entries that only this sub-ledger has: each DID is new. */
async function grow(count: number): Promise<void> {
  const operations = Array.from({ length: count }, async (_, i) => {
    const made = await createOrganisation({
      ...{
        keyStore: createMemoryKeyStore(),
        network: 'branch-net',
        prefix: `org-${i}`,
        random: systemRandom,
      },
      notAfter: Math.floor(Date.now() / 1000) + 3600,
    });
    return made.operation;
  });
  const results = await subLedger.ledger.submit(await Promise.all(operations));
  expect(results.every(({ ok }) => ok)).toBe(true);
}

const anchor = (...more: string[]) =>
  attestel(
    ...['ledger', 'anchor', '--data', folder, '--as', 'parent', '--sub', sub.url],
    ...['--parent', parent.url, '--json', ...more],
  );
const setPolicy = (...more: string[]) =>
  attestel(
    ...['registry', 'sub-ledger', '--data', folder, '--as', 'parent', '--node', parent.url],
    ...['--policy', sub.policyFile, ...more],
  );
const anchored = async () =>
  JSON.parse(
    await (await fetch(`${parent.url}/v1/sub-ledgers/${encodeURIComponent('ledger.example/branch')}`)).text(),
  );

const anchorSizes = async (): Promise<number[]> => {
  const url = `${parent.url}/v1/sub-ledgers/${encodeURIComponent('ledger.example/branch')}/anchors`;
  const all = (await (await fetch(url)).json()) as { size: number }[];
  return all.map(({ size }) => size).sort((a, b) => a - b);
};

describe('attestel ledger anchor', () => {
  it('says so where the parent does not know the ledger', async () => {
    expect(await anchor()).toMatchObject({ code: 5, out: expect.stringContaining('sub_ledger_unknown') });
    expect(await setPolicy()).toMatchObject({ code: 0 });
    expect(await setPolicy()).toMatchObject({ code: 4, err: expect.stringContaining('sub_ledger_exists') });
  });

  it('anchors what is new, and nothing twice', async () => {
    const { size } = subLedger.ledger.head();
    expect(JSON.parse((await anchor()).out)).toMatchObject({ outcome: 'anchored', size, before: 0 });
    expect(JSON.parse((await anchor()).out)).toMatchObject({ outcome: 'unchanged', size });
    await grow(3);
    const later = subLedger.ledger.head().size;
    expect(JSON.parse((await anchor()).out)).toMatchObject({
      outcome: 'anchored',
      size: later,
      before: size,
    });
    expect((await anchored()).anchor).toMatchObject({ size: later, previous: size });
  });

  it('is borne out by an export of the sub-ledger', async () => {
    const out = join(folder, 'whole.jsonl');
    expect((await attestel('ledger', 'export', '--node', sub.url, '--out', out)).code).toBe(0);
    const args = ['--in', out, '--policy', sub.policyFile, '--parent', parent.url, '--json'];
    const whole = await attestel('ledger', 'verify', ...args);
    expect([whole.code, JSON.parse(whole.out)]).toMatchObject([0, { ok: true, anchors: 2 }]);
  });

  it('[C9] is refused by the parent for a history written anew, whoever signed it', async () => {
    const before = (await anchored()).anchor;
    await sub.stop();
    await rm(join(folder, 'branch', 'ledger'), { recursive: true });
    subLedger = await sub.start();
    expect(await anchor()).toMatchObject({ code: 4, out: expect.stringContaining('sub_ledger_not_newer') });
    for (let blocks = 0; blocks < 3; blocks++) await grow(3);
    expect(subLedger.ledger.head().size).toBeGreaterThan(before.size);
    expect(await anchor()).toMatchObject({ code: 6, out: expect.stringContaining('sub_ledger_forked') });
    expect((await anchored()).anchor).toEqual(before);
  });

  it('[C9] reports the mismatch by command, too: the size from which on the history is another one', async () => {
    const before = (await anchored()).anchor;
    const out = join(folder, 'branch.jsonl');
    const verify = () =>
      attestel('ledger', 'verify', '--in', out, '--policy', sub.policyFile, '--parent', parent.url, '--json');
    expect((await attestel('ledger', 'export', '--node', sub.url, '--out', out)).code).toBe(0);
    const found = await verify();
    expect(found.code).toBe(6);
    const [first] = await anchorSizes();
    expect(JSON.parse(found.out)).toMatchObject({
      ...{ error: 'anchor_mismatch', size: first, why: 'other_root' },
    });
    expect((await anchored()).anchor).toEqual(before);
  });

  it('shows a second checkpoint of one size to the parent only when told to', async () => {
    const { size } = (await anchored()).anchor;
    await sub.stop();
    await rm(join(folder, 'branch', 'ledger'), { recursive: true });
    subLedger = await sub.start();
    await grow(size - subLedger.ledger.head().size - 1);
    expect(subLedger.ledger.head().size).toBe(size);
    expect(await anchor()).toMatchObject({ code: 6, out: expect.stringContaining('sub_ledger_forked') });
    expect((await anchored()).fork).toBeNull();
    const shown = await anchor('--report-fork');
    expect([shown.code, JSON.parse(shown.out).outcome]).toEqual([6, 'forked']);
    expect((await anchored()).fork).toMatchObject({ size });
    expect(await anchor()).toMatchObject({ code: 3, out: expect.stringContaining('sub_ledger_stopped') });
    // What does not pass by itself ends the loop, too.
    expect(await anchor('--every', '1')).toMatchObject({ code: 3 });
    expect(await setPolicy('--replace')).toMatchObject({
      code: 4,
      err: expect.stringContaining('sub_ledger_not_cured'),
    });
  });

  it('names a node that is not there, and bad numbers', async () => {
    const at = (...more: string[]) =>
      attestel('ledger', 'anchor', '--data', folder, '--as', 'parent', '--parent', parent.url, ...more);
    expect((await at('--sub', 'http://127.0.0.1:9')).err).toContain('ledger_unreachable');
    expect((await at()).code).toBe(2);
    expect((await at('--sub', sub.url, '--every', '0')).code).toBe(2);
  });
});
