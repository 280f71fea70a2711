import { type Bytes, systemClock, toHex, unixSeconds } from '@attestel/core';
import { parseCertificate, writeName } from '@attestel/x509';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CertificateAuthority } from '../../src/ca/authority.ts';
import { PROFILES } from '../../src/ca/profile.ts';
import { crlRoutes } from '../../src/front/crl/crl.endpoint.ts';
import { type CrlEntry, writeCrl } from '../../src/front/crl/write-crl.ts';
import { deviceKey, freshAuthority } from './fixtures/authority.ts';
import { isMissing, pem, run, temporaryFolder } from './fixtures/programs.ts';
import { serve } from './fixtures/serve.ts';

describe.skipIf(isMissing('openssl'))('openssl and CRLs', () => {
  const folder = temporaryFolder();
  let ca: CertificateAuthority;
  let leaf: Bytes;
  const withdrawn: CrlEntry[] = [];

  beforeAll(async () => {
    ca = await freshAuthority('Operator A', { algorithm: 'RS256' });
    const profile = PROFILES['small-cell'];
    leaf = await ca.issue({ subject: writeName([['commonName', 'cell']]), spki: deviceKey().spki, profile });
    folder.write('ca.pem', pem(ca.certificate));
    folder.write('leaf.pem', pem(leaf));
  });
  afterAll(() => folder.remove());

  const verify = (crl: Bytes) => {
    folder.write('crl.pem', pem(crl, 'X509 CRL'));
    const files = ['-CAfile', folder.at('ca.pem'), '-CRLfile', folder.at('crl.pem'), folder.at('leaf.pem')];
    return run('openssl', ['verify', '-x509_strict', '-crl_check', ...files]);
  };
  const listOf = (entries: readonly CrlEntry[], more: { number?: number; base?: number } = {}) => {
    const thisUpdate = unixSeconds(systemClock);
    const names = { issuer: ca.name, authorityKeyId: ca.keyId };
    return writeCrl(
      { ...names, number: 7, thisUpdate, nextUpdate: thisUpdate + 60, entries, ...more },
      ca.key,
    );
  };
  const own = (): CrlEntry => ({
    serial: parseCertificate(leaf).serial,
    since: 1_700_000_000,
    reason: 1,
  });

  test('an empty list leaves a certificate valid', async () => {
    expect(await verify(await listOf([]))).toMatchObject({ code: 0 });
  });

  test('a certificate on the list is revoked', async () => {
    const { code, output } = await verify(await listOf([own(), { serial: Uint8Array.of(5), since: 0 }]));
    expect(output).toContain('certificate revoked');
    expect(code).not.toBe(0);
  });

  test('the list says its number, and each entry its time and reason', async () => {
    folder.write('crl.pem', pem(await listOf([own()]), 'X509 CRL'));
    const args = ['crl', '-in', folder.at('crl.pem'), '-noout', '-text', '-CAfile', folder.at('ca.pem')];
    const { output } = await run('openssl', args);
    expect(output).toContain('verify OK');
    expect(output).toMatch(/X509v3 CRL Number: \n\s+7\n/);
    expect(output).toMatch(/Revocation Date: Nov 14 22:13:20 2023 GMT[\s\S]*Key Compromise/);
  });

  test('a delta names the list that it goes on from', async () => {
    folder.write('crl.pem', pem(await listOf([own()], { number: 8, base: 7 }), 'X509 CRL'));
    const { output } = await run('openssl', ['crl', '-in', folder.at('crl.pem'), '-noout', '-text']);
    expect(output).toMatch(/X509v3 Delta CRL Indicator: critical\n\s+7\n/);
  });

  test('over HTTP a status event shows in the next list, and an unknown name is not found', async () => {
    let version = 1;
    const asOf = () => unixSeconds(systemClock);
    const source = { withdrawn: async () => withdrawn, version: () => version, asOf };
    const served = await serve(crlRoutes({ source, authorities: [ca], clock: systemClock, minInterval: 0 }));
    const url = `http://127.0.0.1:${served.port}/crl/${toHex(ca.keyId)}.crl`;
    const fetched = async () => new Uint8Array(await (await fetch(url)).arrayBuffer());
    expect(await verify(await fetched())).toMatchObject({ code: 0 });
    withdrawn.push(own());
    version++;
    expect((await verify(await fetched())).output).toContain('certificate revoked');
    expect((await fetch(`${url}x`)).status).toBe(404);
    await served.close();
  });
});
