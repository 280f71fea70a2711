import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noTokens, PIN, SOFTHSM, softTokensIn } from '../../../keystore/test/pkcs11/soft-tokens.ts';
import { attestel } from '../harness/attestel.ts';

describe.skipIf(noTokens)(noTokens ?? 'attestel pki request, for a key on a token', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'attestel-token-'));
    softTokensIn(folder).make('Operator CA');
    writeFileSync(join(folder, 'pin'), `${PIN}\n`, { mode: 0o600 });
    writeFileSync(join(folder, 'wrong'), 'another one');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const request = async (change: Readonly<Record<string, string>> = {}) => {
    const options = {
      ...{ 'token-library': SOFTHSM, 'token-label': 'Operator CA', 'token-pin-file': join(folder, 'pin') },
      ...{ name: 'Operator CA', ...change },
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const ran = await attestel('pki', 'request', ...args, '--json');
    return { ...ran, data: JSON.parse(ran.out || ran.err) };
  };

  it('makes the key once; OpenSSL verifies the request', async () => {
    const out = join(folder, 'ca.csr');
    expect(await request({ out })).toMatchObject({ code: 0, data: { key: 'pki/ca', isNew: true } });
    const said = execFileSync('openssl', ['req', '-in', out, '-noout', '-verify', '-subject'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(said).toContain('CN = Operator CA');
    expect(await request()).toMatchObject({ code: 0, data: { isNew: false } });
  });

  it.each([
    [{ 'token-library': '/nonexistent.so' }, 1, 'token_unavailable'],
    [{ 'token-label': 'Another' }, 1, 'token_unavailable'],
    [{ 'token-pin-file': '/nonexistent' }, 2, 'option_invalid'],
  ])('says what is wrong with %j', async (change, code, error) => {
    expect(await request(change)).toMatchObject({ code, data: { error } });
  });
});
