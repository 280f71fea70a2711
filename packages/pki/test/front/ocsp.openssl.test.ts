import { readFileSync } from 'node:fs';
import { type Bytes, silentLogger, systemClock, unixSeconds } from '@attestel/core';
import { writeName } from '@attestel/x509';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CertificateAuthority } from '../../src/ca/authority.ts';
import { PROFILES } from '../../src/ca/profile.ts';
import { ocspRoutes } from '../../src/front/ocsp/ocsp.endpoint.ts';
import { createOcspResponder } from '../../src/front/ocsp/responder.ts';
import { deviceKey, freshAuthority, freshKey } from './fixtures/authority.ts';
import { isMissing, pem, run, temporaryFolder } from './fixtures/programs.ts';
import { type Served, serve } from './fixtures/serve.ts';
import { type FakeStatus, fakeStatus } from './fixtures/status.ts';

describe.skipIf(isMissing('openssl')).each(['ES256', 'RS256'] as const)('openssl ocsp, %s', (algorithm) => {
  const folder = temporaryFolder();
  let ca: CertificateAuthority;
  let status: FakeStatus;
  let served: Served;
  let leaf: Bytes;
  let other: Bytes;

  beforeAll(async () => {
    ca = await freshAuthority('Operator A', { algorithm });
    const key = await freshKey(algorithm);
    const profile = PROFILES['ocsp-signer'];
    const certificate = await ca.issue({
      subject: writeName([['commonName', 'OCSP']]),
      spki: key.spki,
      profile,
    });
    const issueLeaf = (name: string): Promise<Bytes> =>
      ca.issue({
        subject: writeName([['commonName', name]]),
        spki: deviceKey(algorithm === 'RS256' ? 'rsa' : 'ec').spki,
        profile: PROFILES['small-cell'],
      });
    [leaf, other] = await Promise.all([issueLeaf('cell 1'), issueLeaf('cell 2')]);
    status = fakeStatus([ca.certificate], unixSeconds(systemClock));
    const signer = { key, certificate };
    const options = { source: status, signer, clock: systemClock, logger: silentLogger };
    served = await serve(ocspRoutes({ responder: createOcspResponder(options) }));
    folder.write('ca.pem', pem(ca.certificate));
    folder.write('leaf.pem', pem(leaf));
    folder.write('other.pem', pem(other));
  });
  afterAll(async () => {
    await served.close();
    folder.remove();
  });

  const ask = (...more: string[]) =>
    run('openssl', [
      ...['ocsp', '-url', `http://127.0.0.1:${served.port}/ocsp`, '-CAfile', folder.at('ca.pem')],
      ...['-issuer', folder.at('ca.pem'), ...more],
    ]);

  test('a published certificate is good, the signature is by a delegated signer, the nonce comes back', async () => {
    status.set(leaf, { state: 'published', since: 1 });
    const { code, output } = await ask('-cert', folder.at('leaf.pem'));
    expect(output).toContain('Response verify OK');
    expect(output).toMatch(/leaf\.pem: good/);
    expect(output).not.toMatch(/nonce/i);
    expect(code).toBe(0);
  });

  test('a revoked certificate is revoked with its reason and time', async () => {
    status.set(leaf, { state: 'revoked', since: 1_700_000_000, reason: 1 });
    const { output } = await ask('-cert', folder.at('leaf.pem'));
    expect(output).toMatch(/leaf\.pem: revoked[\s\S]*Reason: keyCompromise[\s\S]*Time: Nov 14 22:13:20 2023/);
  });

  test('a suspended certificate is on hold', async () => {
    status.set(leaf, { state: 'suspended', since: 1_700_000_000 });
    expect((await ask('-cert', folder.at('leaf.pem'))).output).toMatch(/revoked[\s\S]*certificateHold/);
  });

  test('one that nobody published is on hold since 1970, with the extended definition of revoked', async () => {
    const { output } = await ask('-cert', folder.at('other.pem'), '-respout', folder.at('answer.der'));
    expect(output).toMatch(/other\.pem: revoked[\s\S]*certificateHold[\s\S]*Jan {2}1 00:00:00 1970/);
    // OpenSSL 3.0 has no name for 1.3.6.1.5.5.7.48.1.9.
    expect(readFileSync(folder.at('answer.der')).toString('hex')).toContain('06092b0601050507300109');
  });

  test('several certificates in one request, with SHA-256 identifiers', async () => {
    status.set(leaf, { state: 'published', since: 1 });
    const { output } = await ask('-sha256', '-cert', folder.at('leaf.pem'), '-cert', folder.at('other.pem'));
    expect(output).toContain('Response verify OK');
    expect(output).toMatch(/leaf\.pem: good[\s\S]*other\.pem: revoked/);
  });

  test('GET carries the same request, and the answer says how long it may be kept', async () => {
    status.set(leaf, { state: 'published', since: 1 });
    const request = folder.at('request.der');
    await run('openssl', [
      ...['ocsp', '-issuer', folder.at('ca.pem'), '-cert', folder.at('leaf.pem'), '-no_nonce'],
      ...['-reqout', request],
    ]);
    const path = encodeURIComponent(readFileSync(request).toString('base64'));
    const response = await fetch(`http://127.0.0.1:${served.port}/ocsp/${path}`);
    expect(response.headers.get('cache-control')).toMatch(/^max-age=60, public/);
    folder.write('response.der', new Uint8Array(await response.arrayBuffer()));
    const { output } = await run('openssl', [
      ...['ocsp', '-respin', folder.at('response.der'), '-CAfile', folder.at('ca.pem')],
      ...['-issuer', folder.at('ca.pem'), '-cert', folder.at('leaf.pem')],
    ]);
    expect(output).toMatch(/leaf\.pem: good[\s\S]*Response verify OK/);
  });
});
