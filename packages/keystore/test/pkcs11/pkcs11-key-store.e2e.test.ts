import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex, utf8 } from '@attestel/core';
import { type KeyStore, openPkcs11KeyStore } from '@attestel/keystore';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyStoreSuite } from '../suites/key-store.suite.ts';
import { noTokens, PIN, SOFTHSM, softTokensIn } from './soft-tokens.ts';

const clock = { now: () => 1_000_500 };
/** More than the tests take. */
const TOKENS = 48;

let folder: string;
let tokens: ReturnType<typeof softTokensIn>;
let taken = 0;
const open = (label: string, more: object = {}): Promise<KeyStore> =>
  openPkcs11KeyStore({ library: SOFTHSM, label, pin: PIN, clock, ...more });
const nextLabel = (): string => `token-${taken++}`;

describe.skipIf(noTokens)(noTokens ?? 'PKCS #11', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'attestel-token-'));
    tokens = softTokensIn(folder);
    for (let i = 0; i < TOKENS; i++) tokens.make(`token-${i}`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  keyStoreSuite({ name: 'PKCS #11 token', create: () => open(nextLabel()), algorithms: ['ES256'] });

  it('says that it makes no Ed25519 keys, and makes none', async () => {
    const store = await open(nextLabel());
    expect(store.capabilities()).toEqual({
      algorithms: ['ES256', 'RS256', 'HS256'],
      storage: 'pkcs11',
      iso18045: 'iso_18045_basic',
      maxKeys: null,
    });
    await expect(store.generate({ purpose: 'ledger', algorithm: 'EdDSA' })).rejects.toMatchObject({
      code: 'key_algorithm_unsupported',
    });
    expect(await store.list()).toEqual([]);
  });

  it('has its keys when it is opened again, by this process or another', async () => {
    const label = nextLabel();
    const store = await open(label);
    for (const algorithm of ['ES256', 'RS256', 'HS256'] as const) {
      const purpose = algorithm === 'HS256' ? 'derivation' : 'certificate-authority';
      await store.generate({ purpose, algorithm, ref: `ca/${algorithm.toLowerCase()}` });
    }
    const again = await open(label);
    expect(await again.list()).toEqual(await store.list());
    for (const ref of ['ca/es256', 'ca/rs256'])
      expect(await again.publicJwk(ref)).toEqual(await store.publicJwk(ref));
    expect(await again.mac('ca/hs256', utf8('m'))).toEqual(await store.mac('ca/hs256', utf8('m')));
    const script = `
      import { openPkcs11KeyStore } from '@attestel/keystore';
      const store = await openPkcs11KeyStore(${JSON.stringify({ library: SOFTHSM, label, pin: PIN })});
      process.stdout.write(JSON.stringify(await store.list()));`;
    const args = ['--conditions=source', '--input-type=module', '--eval', script];
    expect(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))).toEqual(
      await store.list(),
    );
  });

  it('makes keys that the token gives to nobody, and removes both halves', async () => {
    const label = nextLabel();
    const store = await open(label);
    await store.generate({ purpose: 'certificate-authority', algorithm: 'ES256', ref: 'ca' });
    const shown = tokens.tool(label, '--list-objects', '--type', 'privkey');
    expect(shown).toMatch(/Access:\s+sensitive, always sensitive, never extractable, local/);
    expect(shown).toMatch(/Usage:\s+sign$/m);
    await store.destroy('ca');
    expect(tokens.tool(label, '--list-objects')).not.toContain('ca');
  });

  it('takes a key that another program made for it, and leaves others alone', async () => {
    const label = nextLabel();
    const id = toHex(utf8('certificate-authority 1700000000'));
    const make = ['--keypairgen', '--key-type', 'EC:prime256v1'];
    tokens.tool(label, ...make, '--label', 'pki/ca', '--id', id);
    tokens.tool(label, ...make, '--label', 'pki/other', '--id', '01');
    tokens.tool(label, '--keypairgen', '--key-type', 'EC:secp384r1', '--label', 'Another', '--id', id);
    tokens.tool(label, ...make, '--label', 'pki/old', '--id', '02');
    for (const type of ['privkey', 'pubkey'])
      tokens.tool(label, '--type', type, '--id', '02', '--set-id', id);
    const store = await open(label);
    expect((await store.list()).slice(1)).toMatchObject([{ ref: 'pki/old' }]);
    expect((await store.list()).slice(0, 1)).toEqual([
      { ref: 'pki/ca', purpose: 'certificate-authority', algorithm: 'ES256', createdAt: 1_700_000_000 },
    ]);
    expect(await store.sign('pki/ca', utf8('message'))).toHaveLength(64);
  });

  it('says which key is not whole, of another curve, or there twice', async () => {
    const id = toHex(utf8('certificate-authority 1700000000'));
    const make = (label: string, curve: string) =>
      tokens.tool(label, '--keypairgen', '--key-type', `EC:${curve}`, '--label', 'ca', '--id', id);
    const [half, curve, twice] = [nextLabel(), nextLabel(), nextLabel()];
    make(half, 'prime256v1');
    tokens.tool(half, '--delete-object', '--type', 'pubkey', '--label', 'ca');
    make(curve, 'secp384r1');
    make(twice, 'prime256v1');
    const derivation = toHex(utf8('derivation 1700000000'));
    tokens.tool(twice, '--keygen', '--key-type', 'GENERIC:32', '--label', 'ca', '--id', derivation);
    for (const [label, field] of [
      [half, 'the public key of ca'],
      [curve, 'the public key of ca'],
      [twice, 'two keys named ca'],
    ] as const) {
      await expect(open(label)).rejects.toMatchObject({ code: 'token_unavailable', field });
    }
  });

  it('says not found of a key that another process destroyed', async () => {
    const label = nextLabel();
    const store = await open(label);
    await store.generate({ purpose: 'certificate-authority', algorithm: 'ES256', ref: 'ca' });
    tokens.tool(label, '--delete-object', '--type', 'privkey', '--label', 'ca');
    await expect(store.sign('ca', utf8('message'))).rejects.toMatchObject({ code: 'key_not_found' });
  });

  it.each([
    ['library', { library: '/nonexistent.so' }, 'token_unavailable'],
    ['label', { label: 'no such token' }, 'token_unavailable'],
  ])('names the %s that is wrong', async (field, wrong, code) => {
    await expect(open(nextLabel(), wrong)).rejects.toMatchObject({ code, field });
  });

  it('tries a wrong PIN once, and repeats it nowhere', async () => {
    const label = nextLabel();
    const refused: unknown = await open(label, { pin: 'not the PIN' }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'token_pin_refused', kind: 'denied' });
    expect(String(refused) + JSON.stringify(refused)).not.toContain('not the PIN');
  });

  it('signs one message after another, however many are asked for at once', async () => {
    const store = await open(nextLabel());
    await store.generate({ purpose: 'assertion', algorithm: 'RS256', ref: 'k' });
    const messages = Array.from({ length: 20 }, (_, i) => utf8(`message ${i}`));
    const signatures = await Promise.all(messages.map((message) => store.sign('k', message)));
    expect(new Set(signatures.map(toHex)).size).toBe(20);
    expect(await store.sign('k', messages[0] as Uint8Array)).toEqual(signatures[0]);
  });
});
