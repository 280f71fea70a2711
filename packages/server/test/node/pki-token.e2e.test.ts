import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryStore, type Store, systemClock, systemRandom } from '@attestel/core';
import { createMemoryKeyStore, type KeyStore } from '@attestel/keystore';
import { PROFILES } from '@attestel/pki';
import { writeName } from '@attestel/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noTokens, PIN, SOFTHSM, softTokensIn } from '../../../keystore/test/pkcs11/soft-tokens.ts';
import { pem } from '../../../pki/test/front/fixtures/programs.ts';
import { freshKey } from '../../../pki/test/ledger/devices.ts';
import { openMemberAuthority } from '../../src/node/pki-authority.ts';
import type { RoleContext } from '../../src/node/role.ts';
import { pkiConfigSchema } from '../../src/pki-config.schema.ts';

describe.skipIf(noTokens)(noTokens ?? 'a member’s CA whose key is on a token', () => {
  let folder: string;
  let store: Store;
  let keyStore: KeyStore;
  const at = (name: string): string => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'attestel-token-'));
    softTokensIn(folder).make('hsm');
    writeFileSync(at('pin'), `${PIN}\n`);
    store = createMemoryStore();
    keyStore = createMemoryKeyStore();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const open = (change: object = {}) => {
    const token = { library: SOFTHSM, label: 'hsm', pinFile: at('pin'), ...change };
    const { ca } = pkiConfigSchema.parse({ ca: { token } });
    const ports = { party: { keyStore, store }, clock: systemClock, random: systemRandom };
    const context = { config: { name: { en: 'Operator' } }, ports } as unknown as RoleContext;
    return openMemberAuthority(context, ca as NonNullable<typeof ca>);
  };

  it('issues what OpenSSL verifies, and the member’s own key store has no such key', async () => {
    const { authority } = await open();
    const device = freshKey('ec');
    const issued = await authority.issue({
      subject: writeName([['commonName', 'segw.example.org']]),
      spki: device.spki,
      profile: PROFILES['cmp-server'],
    });
    writeFileSync(at('ca.pem'), pem(authority.certificate));
    writeFileSync(at('issued.pem'), pem(issued));
    const args = ['verify', '-x509_strict', '-CAfile', at('ca.pem'), at('issued.pem')];
    expect(execFileSync('openssl', args, { encoding: 'utf8' })).toContain('OK');
    expect(await keyStore.list()).toEqual([]);
  });

  it('is the same CA after a restart', async () => {
    const { authority } = await open();
    expect((await open()).authority.certificate).toEqual(authority.certificate);
  });

  it('names the file that cannot be read', async () => {
    await expect(open({ pinFile: at('missing') })).rejects.toMatchObject({
      code: 'file_unreadable',
      field: 'roles.pki.ca.token.pinFile',
    });
  });
});
