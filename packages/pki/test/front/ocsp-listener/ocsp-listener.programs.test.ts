import { readFileSync } from 'node:fs';
import { type Bytes, silentLogger, systemClock, unixSeconds } from '@attestel/core';
import { writeName } from '@attestel/x509';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROFILES } from '../../../src/ca/profile.ts';
import { createOcspResponder } from '../../../src/front/ocsp/responder.ts';
import { type OcspListener, startOcspListener } from '../../../src/front/ocsp-listener/ocsp-listener.ts';
import { deviceKey, freshAuthority, freshKey } from '../fixtures/authority.ts';
import { isMissing, pem, run, temporaryFolder } from '../fixtures/programs.ts';
import { fakeStatus } from '../fixtures/status.ts';

const isAbsent = isMissing('openssl') || isMissing('curl');

describe.skipIf(isAbsent)('programs at the listener for OCSP (openssl, curl)', () => {
  const folder = temporaryFolder();
  let listener: OcspListener;
  let url = '';

  beforeAll(async () => {
    const [ca, key] = [await freshAuthority('Operator A'), await freshKey()];
    const issue = (name: string, spki: Bytes, profile: keyof typeof PROFILES): Promise<Bytes> =>
      ca.issue({ subject: writeName([['commonName', name]]), spki, profile: PROFILES[profile] });
    const [leaf, certificate] = [
      await issue('cell', deviceKey().spki, 'small-cell'),
      await issue('OCSP', key.spki, 'ocsp-signer'),
    ];
    const source = fakeStatus([ca.certificate], unixSeconds(systemClock));
    source.set(leaf, { state: 'published', since: 1 });
    const options = { source, signer: { key, certificate }, clock: systemClock, logger: silentLogger };
    const responder = createOcspResponder(options);
    listener = await startOcspListener({ host: '127.0.0.1', port: 0, clock: systemClock, responder });
    url = `http://127.0.0.1:${listener.port}/ocsp`;
    folder.write('ca.pem', pem(ca.certificate));
    folder.write('leaf.pem', pem(leaf));
    const ask = ['-issuer', folder.at('ca.pem'), '-cert', folder.at('leaf.pem'), '-no_nonce'];
    await run('openssl', ['ocsp', ...ask, '-reqout', folder.at('request.der')]);
  });
  afterAll(async () => {
    await listener.close();
    folder.remove();
  });

  const openssl = (...more: string[]) =>
    run('openssl', [
      ...['ocsp', '-issuer', folder.at('ca.pem'), '-cert', folder.at('leaf.pem')],
      ...['-CAfile', folder.at('ca.pem'), ...more],
    ]);
  const curl = (...more: string[]) =>
    run('curl', ['-sS', '--max-time', '20', '-w', '%{http_code} %{num_connects}\n', ...more]);
  const posted = (...to: string[]): string[] => [
    ...['-H', 'Content-Type: application/ocsp-request', '--data-binary', `@${folder.at('request.der')}`],
    ...['-o', folder.at('answer.der'), ...to],
  ];
  const path = (): string => encodeURIComponent(readFileSync(folder.at('request.der')).toString('base64'));
  const expectGood = async (): Promise<void> => {
    const { output } = await openssl('-respin', folder.at('answer.der'));
    expect(output).toMatch(/leaf\.pem: good/);
    expect(output).toContain('Response verify OK');
  };

  test('openssl ocsp asks with a nonce and verifies the answer', async () => {
    const { code, output } = await openssl('-url', url);
    expect(output).toContain('Response verify OK');
    expect(output).toMatch(/leaf\.pem: good/);
    expect(output).not.toMatch(/nonce/i);
    expect(code).toBe(0);
  });

  test.each([
    ['HTTP/1.1', '--http1.1'],
    ['HTTP/1.0', '-0'],
  ])('curl posts by %s', async (_, version) => {
    expect((await curl(version, ...posted(url))).output).toBe('200 1\n');
    await expectGood();
  });

  test('curl gets', async () => {
    expect((await curl('-o', folder.at('answer.der'), `${url}/${path()}`)).output).toBe('200 1\n');
    await expectGood();
  });

  test('curl asks three times over one connection', async () => {
    const get = ['-o', folder.at('answer.der'), `${url}/${path()}`];
    const { output } = await curl(
      ...posted(url),
      '-o',
      folder.at('other.der'),
      url,
      '--next',
      '-sS',
      '-w',
      '%{http_code} %{num_connects}\n',
      ...get,
    );
    expect(output).toBe('200 1\n200 0\n200 0\n');
    await expectGood();
  });

  test('curl is told to go on where it asks', async () => {
    const { output } = await curl('-v', '-H', 'Expect: 100-continue', ...posted(url));
    expect(output).toMatch(/< HTTP\/1\.1 100 Continue[\s\S]*< HTTP\/1\.1 200 OK/);
  });

  test('curl with chunks is told to say a length', async () => {
    const { output } = await curl('-H', 'Transfer-Encoding: chunked', ...posted(url));
    expect(output).toBe('411 1\n');
  });
});
