import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeCbor, encodeCbor, utf8 } from '@attestel/core';
import { type FileKeyStoreOptions, openFileKeyStore } from '@attestel/keystore';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replaceFile } from '../src/replace-file.ts';
import { keyStoreSuite } from './suites/key-store.suite.ts';

const clock = { now: () => 1_000_500 };
const scryptN = 2 ** 10;
let directory: string;
let files = 0;

const nextPath = (): string => join(directory, `keys-${files++}`, 'party.keys');
const open = (path: string, more: Partial<FileKeyStoreOptions> = {}) =>
  openFileKeyStore({ path, passphrase: 'correct horse', clock, scryptN, ...more });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'attestel-keys-'));
});
afterAll(() => rm(directory, { recursive: true }));

keyStoreSuite({ name: 'encrypted file', create: () => open(nextPath()) });

describe('encrypted key file', () => {
  it('brings every key back after a restart, and the same key', async () => {
    const path = nextPath();
    const first = await open(path);
    await first.generate({ purpose: 'assertion', algorithm: 'ES256', ref: 'a' });
    await first.generate({ purpose: 'ledger', algorithm: 'EdDSA', ref: 'b' });
    await first.generate({ purpose: 'token', algorithm: 'RS256', ref: 'c' });
    await first.generate({ purpose: 'derivation', algorithm: 'HS256', ref: 'd' });
    const second = await open(path);
    expect(await second.list()).toEqual(await first.list());
    for (const ref of ['a', 'b', 'c'])
      expect(await second.publicJwk(ref)).toEqual(await first.publicJwk(ref));
    expect(await second.mac('d', utf8('m'))).toEqual(await first.mac('d', utf8('m')));
    const rsa = await first.sign('c', utf8('m'));
    expect(await second.sign('c', utf8('m'))).toEqual(rsa);
  });

  it('keeps keys of changes made at the same time', async () => {
    const path = nextPath();
    const store = await open(path);
    await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        store.generate({ purpose: 'holder', algorithm: 'EdDSA', ref: `k${i}` }),
      ),
    );
    expect(await (await open(path)).list()).toHaveLength(8);
  });

  it('forgets a destroyed key on disk too', async () => {
    const path = nextPath();
    const store = await open(path);
    await store.generate({ purpose: 'ledger', algorithm: 'EdDSA', ref: 'k' });
    await store.destroy('k');
    expect(await (await open(path)).find('k')).toBeUndefined();
  });

  it('refuses a wrong passphrase with an error that says so', async () => {
    const path = nextPath();
    await open(path);
    await expect(open(path, { passphrase: 'correct house' })).rejects.toMatchObject({
      code: 'key_file_locked',
      exitCode: 3,
    });
    await expect(open(nextPath(), { passphrase: '' })).rejects.toThrow(TypeError);
  });

  it('opens with the same passphrase in another Unicode composition', async () => {
    const path = nextPath();
    await open(path, { passphrase: 'caf\u00e9' });
    await expect(open(path, { passphrase: 'cafe\u0301' })).resolves.toBeDefined();
  });

  it('notices every altered byte', async () => {
    const path = nextPath();
    await (await open(path)).generate({ purpose: 'ledger', algorithm: 'EdDSA', ref: 'k' });
    const good = new Uint8Array(await readFile(path));
    for (let at = 0; at < good.length; at += 7) {
      const bad = good.slice();
      bad[at] = (bad[at] as number) ^ 1;
      await writeFile(path, bad);
      await expect(open(path), `byte ${at}`).rejects.toMatchObject({
        code: expect.stringMatching(/^key_file_(locked|corrupt)$/),
      });
    }
  });

  it.each([
    ['empty', new Uint8Array()],
    ['text', utf8('not a key file')],
    ['no parts', encodeCbor([])],
    ['other header', encodeCbor([encodeCbor({ format: 'x' }), new Uint8Array(20)])],
    ['header that is no map', encodeCbor([encodeCbor(null), new Uint8Array(20)])],
  ])('refuses a file that is none: %s', async (_, content) => {
    const path = nextPath();
    await replaceFile(path, content);
    await expect(open(path)).rejects.toMatchObject({ code: 'key_file_corrupt' });
  });

  it('refuses a planted header that would make opening expensive', async () => {
    const path = nextPath();
    await open(path);
    const [head, body] = decodeCbor(new Uint8Array(await readFile(path))) as [Uint8Array, Uint8Array];
    const header = { ...(decodeCbor(head) as object), n: 2 ** 30 };
    await writeFile(path, encodeCbor([encodeCbor(header), body]));
    await expect(open(path)).rejects.toMatchObject({ code: 'key_file_corrupt' });
  });

  it('refuses a cost that is no power of two in the bounds', async () => {
    for (const n of [2 ** 9, 2 ** 21, 3000, 0, -1, Number.NaN]) {
      await expect(open(nextPath(), { scryptN: n })).rejects.toThrow(TypeError);
    }
  });

  it('costs N = 2^16 unless the caller says otherwise, and keeps the cost it was made with', async () => {
    const costOf = async (path: string): Promise<unknown> => {
      const [head] = decodeCbor(new Uint8Array(await readFile(path))) as [Uint8Array];
      return (decodeCbor(head) as { n: number }).n;
    };
    const path = nextPath();
    await openFileKeyStore({ path, passphrase: 'correct horse' });
    expect(await costOf(path)).toBe(2 ** 16);
    const store = await open(path, { scryptN: 2 ** 10 });
    await store.generate({ purpose: 'holder', algorithm: 'EdDSA', ref: 'k' });
    expect(await costOf(path)).toBe(2 ** 16);
  });

  it('uses a fresh nonce at each write, even under seeded randomness', async () => {
    const path = nextPath();
    const store = await open(path, { random: { bytes: (n) => new Uint8Array(n).fill(1) } });
    const nonces = new Set<string>();
    for (let i = 0; i < 5; i++) {
      await store.generate({ purpose: 'holder', algorithm: 'EdDSA', ref: `k${i}` });
      const [head] = decodeCbor(new Uint8Array(await readFile(path))) as [Uint8Array];
      nonces.add(JSON.stringify((decodeCbor(head) as { nonce: Uint8Array }).nonce));
    }
    expect(nonces.size).toBe(5);
  });

  it('is readable by its owner only and leaves no temporary file', async () => {
    const path = nextPath();
    await (await open(path)).generate({ purpose: 'ledger', algorithm: 'EdDSA', ref: 'k' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(path, '..'))).toEqual(['party.keys']);
  });

  it('holds no name or key in clear', async () => {
    const path = nextPath();
    const store = await open(path);
    await store.generate({ purpose: 'assertion', algorithm: 'ES256', ref: 'recognisable-ref' });
    expect((await readFile(path)).includes('recognisable-ref')).toBe(false);
  });

  it('opens the old file after a crash in the middle of a write', async () => {
    const path = nextPath();
    await (await open(path)).generate({ purpose: 'ledger', algorithm: 'EdDSA', ref: 'k' });
    await writeFile(`${path}.tmp`, 'half a fi');
    const reopened = await open(path);
    expect(await reopened.list()).toHaveLength(1);
    await reopened.generate({ purpose: 'ledger', algorithm: 'EdDSA', ref: 'l' });
    expect(await (await open(path)).list()).toHaveLength(2);
  });

  it('does not acknowledge or keep a key whose write failed', async () => {
    const path = nextPath();
    let broken = false;
    const replace = async (to: string, content: Uint8Array): Promise<void> => {
      if (broken) throw new Error('disk full');
      await replaceFile(to, content);
    };
    const store = await open(path, { replace });
    broken = true;
    const lost = store.generate({ purpose: 'ledger', algorithm: 'EdDSA', ref: 'k' });
    await expect(lost).rejects.toThrow('disk full');
    expect(await store.find('k')).toBeUndefined();
    broken = false;
    await store.generate({ purpose: 'ledger', algorithm: 'EdDSA', ref: 'k' });
    expect(await (await open(path)).list()).toHaveLength(1);
  });

  it('changes nothing when another process has changed the file', async () => {
    const path = nextPath();
    const one = await open(path);
    const other = await open(path);
    await other.generate({ purpose: 'ledger', algorithm: 'EdDSA', ref: 'theirs' });
    await expect(one.generate({ purpose: 'ledger', algorithm: 'EdDSA', ref: 'mine' })).rejects.toMatchObject({
      code: 'key_file_changed',
      exitCode: 4,
    });
    expect((await (await open(path)).list()).map((k) => k.ref)).toEqual(['theirs']);
  });
});
