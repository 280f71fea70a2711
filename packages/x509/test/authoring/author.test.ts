import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bytes, toBase64, toHex } from '@attestel/core';
import {
  createRootCertificate,
  issueLeafCertificate,
  parseCertificate,
  verifyLeafUnder,
} from '@attestel/x509';
import { describe, expect, it } from 'vitest';
import { DID, issue, NOW, newSigner, URL_TEXT, YEAR } from '../fixtures.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

function toPem(der: Bytes): string {
  const lines = toBase64(der).replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

describe('certificate authoring', () => {
  it.each(['ES256', 'EdDSA'] as const)('writes what it was asked for, with %s keys', async (algorithm) => {
    const { root, leaf, leafSigner } = await issue(algorithm);
    const [top, parsed] = [parseCertificate(root), parseCertificate(leaf)];
    const verified = verifyLeafUnder([leaf], [root], NOW);
    expect(verified.publicKey).toEqual(leafSigner.publicKey);
    expect(verified.sanUris).toEqual([DID, URL_TEXT]);
    expect(verified.sanDnsNames).toEqual(['issuer.operator.example']);
    expect([parsed.notBefore, parsed.notAfter]).toEqual([NOW - 3600, NOW + YEAR]);
    expect(parsed.extensions.basicConstraints).toEqual({ ca: false });
    expect([...(parsed.extensions.keyUsage ?? [])]).toEqual(['digitalSignature']);
    expect(parsed.issuer).toEqual(top.subject);
    expect(parsed.extensions.aki?.keyId).toEqual(top.extensions.ski);
    expect([...(top.extensions.keyUsage ?? [])]).toEqual(['keyCertSign', 'cRLSign']);
  });

  it('is read by OpenSSL as meant', async () => {
    const { root, leaf } = await issue();
    const [top, bottom] = [new X509Certificate(root), new X509Certificate(leaf)];
    expect(top.ca).toBe(true);
    expect(bottom.ca).toBe(false);
    expect(bottom.checkIssued(top)).toBe(true);
    expect(bottom.verify(top.publicKey)).toBe(true);
    expect(bottom.subject).toBe('CN=中联 Zhonglian');
    expect(bottom.subjectAltName).toBe(`URI:${DID}, URI:${URL_TEXT}, DNS:issuer.operator.example`);
  });

  it.skipIf(!hasOpenssl)('passes openssl verify -x509_strict', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'attestel-x509-'));
    for (const algorithm of ['ES256', 'EdDSA'] as const) {
      const { root, leaf } = await issue(algorithm);
      const [rootFile, leafFile] = [join(directory, 'root.pem'), join(directory, 'leaf.pem')];
      writeFileSync(rootFile, toPem(root));
      writeFileSync(leafFile, toPem(leaf));
      const args = ['verify', '-x509_strict', '-check_ss_sig', '-attime', String(NOW), '-CAfile', rootFile];
      const { status, stdout, stderr } = spawnSync('openssl', [...args, leafFile], { encoding: 'utf8' });
      expect(`${status} ${stdout}${stderr}`).toMatch(/^0 .*leaf\.pem: OK/);
    }
    rmSync(directory, { recursive: true });
  });

  it('gives each certificate its own positive serial, or the one asked for', async () => {
    const a = toHex(parseCertificate((await issue()).leaf).serial);
    const b = toHex(parseCertificate((await issue()).leaf).serial);
    expect(a).not.toBe(b);
    expect(a).toMatch(/^[4-7][0-9a-f]{31}$/);
    const { leaf } = await issue('ES256', { serial: Uint8Array.of(0x81) });
    expect(parseCertificate(leaf).serial).toEqual(Uint8Array.of(0x81));
  });

  it('signs every time with r and s of any length', async () => {
    const signer = await newSigner();
    for (let i = 0; i < 300; i++) {
      const request = { name: 'Root', signer, notBefore: NOW, notAfter: NOW + YEAR };
      const root = new X509Certificate(await createRootCertificate(request));
      expect(root.verify(root.publicKey)).toBe(true);
    }
  });

  it('writes times from 2050 on as GeneralizedTime', async () => {
    const late = 2_600_000_000;
    const signer = await newSigner();
    const root = await createRootCertificate({ name: 'R', signer, notBefore: NOW, notAfter: late });
    expect(parseCertificate(root).notAfter).toBe(late);
  });

  it('puts no address and no absent URL into DNS names', async () => {
    for (const url of ['http://127.0.0.1:4101', 'http://[::1]:4101']) {
      const { leaf, root } = await issue('ES256', { url });
      expect(verifyLeafUnder([leaf], [root], NOW).sanDnsNames).toEqual([]);
      expect(verifyLeafUnder([leaf], [root], NOW).sanUris).toEqual([DID, url]);
    }
    const { leaf, root } = await issue('ES256', { url: 'http://localhost:4101' });
    expect(verifyLeafUnder([leaf], [root], NOW).sanDnsNames).toEqual(['localhost']);
  });

  it('takes a name as data, not as a distinguished name', async () => {
    const { leaf } = await issue('ES256', { subjectName: 'A, O=Other+CN=B' });
    expect(new X509Certificate(leaf).subject).toBe('CN=A\\, O=Other\\+CN=B');
  });

  it.each([
    ['empty name', { subjectName: '' }],
    ['name over 64 characters', { subjectName: 'x'.repeat(65) }],
    ['control character', { subjectName: 'a\u0000b' }],
    ['no DID', { did: 'https://x.example' }],
    ['no URL', { url: 'ftp://x.example' }],
    ['URL with white space', { url: 'https://x.example/a b' }],
    ['empty period', { notBefore: NOW, notAfter: NOW }],
    ['outlives the root', { notAfter: NOW + 11 * YEAR }],
    ['starts before the root', { notBefore: NOW - 7200 }],
    ['fractional time', { notBefore: NOW + 0.5 }],
  ])('refuses to issue: %s', async (_, change) => {
    await expect(issue('ES256', change)).rejects.toThrow(TypeError);
  });

  it('refuses a signer that is not the key of the issuer certificate', async () => {
    const { root, leafSigner } = await issue();
    const request = { issuer: { certificate: root, signer: leafSigner }, publicKey: leafSigner.publicKey };
    await expect(
      issueLeafCertificate({ ...request, subjectName: 'x', did: DID, notBefore: NOW, notAfter: NOW + 1 }),
    ).rejects.toThrow('not the issuer');
  });
});
