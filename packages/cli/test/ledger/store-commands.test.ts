import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStore } from '@attestel/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attestel } from '../harness/attestel.ts';
import { createLedgerFolder } from '../harness/ledger-folder.ts';

const BLOCKS = 6;
let folder: string;
let data: string;
let key: string;
let network: string;
let copies = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attestel-store-'));
  data = join(folder, 'data');
  const running = await createLedgerFolder(data);
  for (let i = 1; i < BLOCKS; i++) await running.registerApp(`app-${i}`);
  network = running.ledger.network;
  await running.close();
  key = JSON.parse((await attestel('ledger', 'verify', '--data', data, '--json')).out).signer;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Code and JSON of a command. */
async function json(...args: string[]) {
  const { code, out, err } = await attestel('ledger', ...args, '--json');
  expect(err).toBe('');
  return { code, ...JSON.parse(out) };
}

/** A copy of the ledger's folder with one record changed. */
async function changed(change: (store: Awaited<ReturnType<typeof openLmdbStore>>) => Promise<void>) {
  const path = join(folder, `copy-${copies++}`);
  await cp(join(data, 'ledger'), path, { recursive: true });
  const store = await openLmdbStore({ path });
  await change(store);
  await store.close();
  return path;
}

describe('attestel ledger fsck', () => {
  it('says what a sound ledger holds, and each step on the way', async () => {
    const { code, out, err } = await attestel('ledger', 'fsck', '--data', data);
    expect(code).toBe(0);
    expect(out).toContain('Every table agrees');
    expect(out).toContain(`blocks     ${BLOCKS}`);
    expect(out).toContain('Next: attestel ledger verify');
    expect(err.split('\n').length).toBeGreaterThan(3);
  });

  it('needs only the folder of a ledger', async () => {
    const own = await json('fsck', '--store', join(data, 'ledger'));
    expect(own).toMatchObject({ code: 0, ok: true, blocks: BLOCKS });
  });

  it('names table, record and rule of the first thing wrong, with exit code 6', async () => {
    const path = await changed(async (store) => {
      const [at, bytes] = [...store.range('ledger/entries')][3] as unknown as [Uint8Array, Uint8Array];
      await store.transact((writer) =>
        writer.put('ledger/entries', at, bytes.with(40, (bytes[40] ?? 0) ^ 1)),
      );
    });
    expect(await json('fsck', '--store', path)).toMatchObject({
      code: 6,
      error: 'store_damaged',
      table: 'ledger/entries',
      at: 'entry 3',
    });
    const { code, err } = await attestel('ledger', 'fsck', '--store', path);
    expect(code).toBe(6);
    expect(err).toContain('ledger/entries, entry 3');
  });

  it('finds another ledger than that of the data folder', async () => {
    const other = join(folder, 'moved');
    await cp(data, other, { recursive: true });
    await rm(join(other, 'ledger'), { recursive: true });
    const store = await openLmdbStore({ path: join(other, 'ledger') });
    await store.transact((writer) => writer.put('ledger/entries', new Uint8Array(8), Uint8Array.of(1)));
    await store.close();
    expect(await json('fsck', '--data', other)).toMatchObject({ code: 6, table: 'ledger/meta', at: 'head' });
  });

  it('finds nothing where there is nothing', async () => {
    expect((await attestel('ledger', 'fsck', '--store', join(folder, 'none'))).code).toBe(5);
    expect((await attestel('ledger', 'fsck', '--store')).code).toBe(2);
  });
});

describe('attestel ledger checkpoint', () => {
  it('prints the folder’s newest note and checks it against the key of the log', async () => {
    const plain = await json('checkpoint', '--data', data);
    expect(plain).toMatchObject({ code: 0, origin: `attestel.demo/${network}` });
    expect(await json('checkpoint', '--data', data, '--key', key)).toMatchObject({ code: 0, verified: true });
  });

  it('takes no policy that is none, none that is not there, and not a key beside it', async () => {
    const policy = join(folder, 'policy.txt');
    const witness = 'w.example+8b5c0e42+BAAA';
    await writeFile(policy, `witness w ${witness}\n`);
    expect((await attestel('ledger', 'checkpoint', '--data', data, '--policy', policy)).code).toBe(2);
    expect(
      (await attestel('ledger', 'checkpoint', '--data', data, '--policy', join(folder, 'no'))).code,
    ).toBe(5);
    const both = ['--policy', policy, '--key', key];
    expect((await attestel('ledger', 'checkpoint', '--data', data, ...both)).code).toBe(2);
  });
});

describe('attestel ledger snapshot and restore', () => {
  const restore = (path: string, ...more: string[]) =>
    json('restore', '--in', join(folder, 'snap'), '--store', path, '--network', network, ...more);

  it('make a ledger with equal roots that passes fsck', async () => {
    const taken = await json('snapshot', '--data', data, '--out', join(folder, 'snap'));
    expect(taken).toMatchObject({ code: 0, blocks: BLOCKS });
    const { root, state } = await json('fsck', '--data', data);
    const path = join(folder, 'restored');
    expect(await restore(path, '--key', key)).toMatchObject({ code: 0, root, state });
    expect(await json('fsck', '--store', path)).toMatchObject({ code: 0, root, state });
    expect(await restore(path, '--key', key)).toMatchObject({ code: 4, error: 'store_mismatch' });
  });

  it('refuse a folder that is there, and a restore on nobody’s word', async () => {
    expect((await attestel('ledger', 'snapshot', '--data', data, '--out', join(folder, 'snap'))).code).toBe(
      4,
    );
    expect(await restore(join(folder, 'no-trust'))).toMatchObject({ code: 2, error: 'argument_missing' });
    expect(await restore(join(folder, 'x'), '--key', key, '--in', join(folder, 'none'))).toMatchObject({
      code: 5,
    });
  });

  it('refuse a snapshot of which a byte changed, and leave nothing that passes for a ledger', async () => {
    const damaged = join(folder, 'snap-damaged');
    await cp(join(folder, 'snap'), damaged, { recursive: true });
    const last = (await readdir(damaged))
      .filter((name) => /^\d+$/.test(name))
      .sort()
      .at(-1) as string;
    const bytes = await readFile(join(damaged, last));
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    await writeFile(join(damaged, last), bytes);
    const path = join(folder, 'from-damaged');
    expect(await restore(path, '--key', key, '--in', damaged)).toMatchObject({
      code: 6,
      error: 'snapshot_invalid',
    });
    expect((await attestel('ledger', 'fsck', '--store', path)).code).toBe(5);
    expect(await restore(path, '--key', key)).toMatchObject({ code: 0 });
  });
});

describe('attestel ledger compact', () => {
  it('gives space back and changes no record', async () => {
    const path = await changed(async (store) => {
      const big = new Uint8Array(1_000_000);
      await store.transact((writer) => writer.put('other/junk', Uint8Array.of(1), big));
      await store.transact((writer) => writer.delete('other/junk', Uint8Array.of(1)));
    });
    const before = await json('fsck', '--store', path);
    const result = await json('compact', '--store', path);
    expect(result).toMatchObject({ code: 0 });
    expect(result.bytesAfter).toBeLessThan(result.bytesBefore - 900_000);
    expect((await stat(join(path, 'data.mdb'))).size).toBe(result.bytesAfter);
    expect(await json('fsck', '--store', path)).toEqual(before);
    expect(await readdir(path)).not.toContain('compact.new');
  });

  it('refuses while somebody has the store open', async () => {
    const path = await changed(async () => {});
    const store = await openLmdbStore({ path });
    expect(await json('compact', '--store', path)).toMatchObject({ code: 4, error: 'store_in_use' });
    await store.close();
    expect(await json('compact', '--store', path)).toMatchObject({ code: 0 });
  });
});
