import { systemRandom } from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import { EKU, extension, type GeneralName, parseCertificate, validatePath } from '@attestel/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyStoreSigningKey, type SigningKey } from '../../src/asn1/signing-key.ts';
import { commitToTokenKey } from '../../src/build/commitments.ts';
import { issueCrossCertificate, signLedgerRoot } from '../../src/bundle/cross-certificate.ts';
import { signRootCertificate } from '../../src/ca/authority.ts';
import type { Scope } from '../../src/rules/scope.ts';
import { isMissing, pem, run, temporaryFolder } from '../front/fixtures/programs.ts';
import { type Certified, certify } from '../ledger/devices.ts';
import { dns, rootOf, sliceUri } from './slices.ts';

const DAY = 86_400;
const NOW = Math.floor(Date.now() / 1000);
const DOMAIN = 'mnc002.mcc460.3gppnetwork.org';
const clock = { now: () => NOW * 1000 };

const scope: Scope = {
  ...{
    kind: 'operator',
    owner: 'did:mno:test:b',
    plmns: ['46002'],
    slices: ['01'],
    dns: [DOMAIN],
    serials: [],
  },
  roles: ['network-function'],
  tokenKey: commitToTokenKey(new Uint8Array(32)),
};

let key: SigningKey;
let root: Uint8Array;
let other: Certified;

const authority = () => ({ certificate: root, key, clock });
const anchor = (until = NOW + DAY) => ({ certificate: other.certificate, scope, until });
const leaf = (...san: GeneralName[]): Promise<Certified> =>
  certify({
    ...{ device: null, commonName: 'nf', issuer: other, san, usages: [EKU.serverAuth, EKU.clientAuth] },
    notBefore: NOW - 3600,
    extensions: [
      extension.aki({ keyId: parseCertificate(other.certificate).extensions.ski as Uint8Array }),
      extension.ski(new Uint8Array(20).fill(7)),
    ],
  });

beforeAll(async () => {
  const store = createMemoryKeyStore();
  const { ref } = await store.generate({ purpose: 'certificate-authority', algorithm: 'ES256' });
  key = await keyStoreSigningKey(store, ref);
  root = await signLedgerRoot({
    ...{ name: 'Ledger root of A', key, notBefore: NOW - 3600, notAfter: NOW + 3650 * DAY },
  });
  other = await rootOf('CA of B', NOW);
});

describe('a cross-certificate', () => {
  it('says in critical constraints which names the anchor is admitted for, and lives shortly', async () => {
    const parsed = parseCertificate(await issueCrossCertificate(anchor(NOW + 30 * DAY), authority()));
    expect(parsed.notAfter).toBe(NOW + 7 * DAY);
    expect(parsed.extensions.basicConstraints).toMatchObject({ ca: true, pathLength: 2 });
    expect(parsed.extensions.nameConstraints?.permitted).toContainEqual(dns(DOMAIN));
    const critical = parsed.extensions.all.filter((one) => one.critical).map(({ oid }) => oid);
    expect(critical).toContain('2.5.29.30');
  });

  it('ends with the relation, to the second', async () => {
    expect(parseCertificate(await issueCrossCertificate(anchor(NOW + 60), authority())).notAfter).toBe(
      NOW + 59,
    );
    await expect(issueCrossCertificate(anchor(NOW), authority())).rejects.toMatchObject({
      code: 'cross_over',
    });
  });

  it('is not made without names, for one’s own key, by a foreign key, or under a root that may not', async () => {
    const make = (more: object, by: object = {}) =>
      issueCrossCertificate({ ...anchor(), ...more }, { ...authority(), ...by });
    await expect(make({ scope: { ...scope, dns: [] } })).rejects.toMatchObject({
      code: 'cross_without_name',
    });
    await expect(make({ certificate: root })).rejects.toMatchObject({ code: 'cross_own_anchor' });
    await expect(make({}, { certificate: other.certificate })).rejects.toMatchObject({
      code: 'cross_key_mismatch',
    });
    const times = { notBefore: NOW - 3600, notAfter: NOW + DAY };
    const leavesOnly = await signRootCertificate({ name: 'A', key, random: systemRandom, ...times });
    await expect(make({}, { certificate: leavesOnly })).rejects.toMatchObject({ code: 'cross_path_length' });
  });

  it('lets our own path rules accept names inside and refuse those outside', async () => {
    const cross = parseCertificate(await issueCrossCertificate(anchor(), authority()));
    const path = (made: Certified) =>
      validatePath({
        ...{ leaf: parseCertificate(made.certificate), intermediates: [cross], at: NOW },
        anchors: [parseCertificate(root)],
      });
    expect(path(await leaf(dns(`smf.${DOMAIN}`), sliceUri('01'))).certificates).toHaveLength(2);
    const foreign = await leaf(dns('smf.mnc001.mcc460.3gppnetwork.org'));
    expect(() => path(foreign)).toThrow(expect.objectContaining({ code: 'path_name_not_permitted' }));
  });
});

describe.skipIf(isMissing('openssl'))('openssl verify -x509_strict under a ledger root', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  const verify = async (made: Certified, cross: Uint8Array) => {
    const files = [
      ['-CAfile', folder.write('root.pem', pem(root))],
      ['-untrusted', folder.write('cross.pem', pem(cross))],
      [folder.write('leaf.pem', pem(made.certificate))],
    ];
    return run('openssl', ['verify', '-x509_strict', '-attime', String(NOW), ...files.flat()]);
  };

  it('accepts what lies inside the names of the anchor', async () => {
    const cross = await issueCrossCertificate(anchor(), authority());
    for (const san of [[dns(`smf.${DOMAIN}`)], [dns(DOMAIN), sliceUri('01')]]) {
      expect(await verify(await leaf(...san), cross)).toMatchObject({ code: 0 });
    }
  });

  it.each<[string, readonly GeneralName[]]>([
    ['another operator', [dns('smf.mnc001.mcc460.3gppnetwork.org')]],
    ['a name that only ends alike', [dns(`evil${DOMAIN}`)]],
    ['one name inside and one outside', [dns(`smf.${DOMAIN}`), dns('example.com')]],
    ['an address', [dns(`smf.${DOMAIN}`), { kind: 'ip', value: new Uint8Array([10, 0, 0, 1]) }]],
    ['an address of version 6', [{ kind: 'ip', value: new Uint8Array(16).fill(1) }]],
    ['a mailbox', [dns(`smf.${DOMAIN}`), { kind: 'email', value: `root@${DOMAIN}` }]],
  ])('refuses %s', async (_name, san) => {
    const cross = await issueCrossCertificate(anchor(), authority());
    const { code, output } = await verify(await leaf(...san), cross);
    expect(output).toMatch(/permitted subtree violation|excluded subtree violation/);
    expect(code).not.toBe(0);
  });

  it('refuses what the root never certified, and all after the end', async () => {
    const cross = await issueCrossCertificate(anchor(NOW + 60), authority());
    const made = await leaf(dns(`smf.${DOMAIN}`));
    const late = await run('openssl', [
      ...['verify', '-x509_strict', '-attime', String(NOW + 61), '-CAfile', folder.write('r.pem', pem(root))],
      ...['-untrusted', folder.write('c.pem', pem(cross)), folder.write('l.pem', pem(made.certificate))],
    ]);
    expect(late.output).toContain('certificate has expired');
    const alone = await run('openssl', [
      ...['verify', '-x509_strict', '-CAfile', folder.at('r.pem'), folder.at('l.pem')],
    ]);
    expect(alone.code).not.toBe(0);
  });
});
