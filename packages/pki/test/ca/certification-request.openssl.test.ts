import { readFileSync } from 'node:fs';
import { isAppError } from '@attestel/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCertificationRequest } from '../../src/ca/certification-request.ts';
import { deviceKey } from '../front/fixtures/authority.ts';
import { isMissing, run, temporaryFolder } from '../front/fixtures/programs.ts';

describe.skipIf(isMissing('openssl'))('a request that openssl wrote', () => {
  const folder = temporaryFolder();
  beforeAll(() => void folder.write('key.pem', deviceKey().pem));
  afterAll(() => folder.remove());

  const requested = async (password: string, type = 'utf8only'): Promise<Uint8Array> => {
    const settings = [
      ...['[req]', 'prompt = no', 'distinguished_name = dn', 'attributes = attributes'],
      ...[`string_mask = ${type}`, '[dn]', 'CN = cell', '[attributes]', `challengePassword = ${password}`],
    ];
    folder.write('req.cnf', settings.join('\n'));
    const args = ['req', '-new', '-config', folder.at('req.cnf'), '-key', folder.at('key.pem')];
    const made = await run('openssl', [...args, '-outform', 'DER', '-out', folder.at('csr')]);
    expect(made.code, made.output).toBe(0);
    return new Uint8Array(readFileSync(folder.at('csr')));
  };

  test('has its challenge password read, in each type of text', async () => {
    const password = 'ab'.repeat(32);
    for (const type of ['utf8only', 'default'])
      expect(parseCertificationRequest(await requested(password, type)).challengePassword).toBe(password);
  });

  test('has no challenge password where that is no ASCII', async () => {
    expect(parseCertificationRequest(await requested('gehéim')).challengePassword).toBeUndefined();
  });

  test('is refused when a bit of the password changes: it is signed', async () => {
    const bytes = await requested('password-1');
    const at = Buffer.from(bytes).indexOf('password-1');
    bytes[at] = (bytes[at] as number) ^ 1;
    try {
      parseCertificationRequest(bytes);
      expect.unreachable();
    } catch (error) {
      expect(isAppError(error) && error.code).toBe('request_possession');
    }
  });
});
