import type { Bytes } from '@attestel/core';
import { anchorIdOf, buildSubmission, certificateHash } from '@attestel/pki';
import { parseCertificate } from '@attestel/x509';
import { beforeAll, describe, expect, test } from 'vitest';
import { ledgerPeerTrust, ledgerStatusSource } from '../../src/front/ledger-sources.ts';
import { type Certified, certify, itemOf, serialOf } from '../ledger/devices.ts';
import { type PublishedCell, publishCell } from '../ledger/published-cell.ts';
import {
  admission,
  DAY,
  NETWORK,
  operatorScope,
  START,
  tokenKeyOf,
  vendorScope,
  type World,
} from '../ledger/world.ts';

let published: PublishedCell;
let world: World;
let root: Certified;
let vendorRoot: Certified;
let gateway: Certified;

async function admit(scope: ReturnType<typeof operatorScope>, ca: Certified, by: World['a']): Promise<Bytes> {
  const other = by === world.a ? world.b : world.a;
  const voters = by === world.v ? [world.a, world.b] : [by, other];
  const body = admission(world, scope, voters, { certificate: ca.certificate });
  expect(await world.act('anchor.admit', body, [...new Set([by, ...voters])])).toBeUndefined();
  return anchorIdOf(ca.certificate, scope);
}

const issue = (name: string, more: object = {}): Promise<Certified> =>
  certify({ device: null, commonName: name, issuer: root, san: [{ kind: 'dns', value: name }], ...more });
const gatewayName = 'segw1.mnc000.mcc460.3gppnetwork.org';

beforeAll(async () => {
  published = await publishCell();
  world = published.world;
  root = await certify({ ca: true, commonName: 'CA of A', notAfter: START + 3650 * DAY });
  vendorRoot = await certify({ ca: true, commonName: 'CA of V', notAfter: START + 3650 * DAY });
  const scope = operatorScope(world.a, '000');
  await admit(scope, root, world.a);
  await admit(vendorScope(world.v, ['AC6G']), vendorRoot, world.v);
  await world.act('challenge', { salt: new Uint8Array(32) }, [world.a]);
  const challenge = world.last()[0]?.data.challenge as Bytes;
  gateway = await issue(gatewayName);
  const { operation } = await buildSubmission({
    ...{ network: NETWORK, submitter: world.a.did, role: 'security-gateway', challenge },
    evidence: {
      ...{ anchor: root.certificate, scope, intermediates: [], tokenKey: tokenKeyOf(world.a) },
      ...{ batch: null, source: null },
    },
    ...{
      items: [itemOf(gateway, world.a, challenge)],
      notAfter: world.notAfter(),
      signers: [world.a.signer],
    },
  });
  expect(await world.send(operation)).toBeUndefined();
});

describe('status from the ledger', () => {
  const of = ({ certificate }: Certified) => {
    const { issuer, serial } = parseCertificate(certificate);
    return ledgerStatusSource(world.pki).byName(issuer, serial);
  };

  test('anchors are the issuers that are answered for, the same list until trust changes', () => {
    const source = ledgerStatusSource(world.pki);
    const names = source.issuers().map(({ name }) => name);
    expect(names).toContainEqual(parseCertificate(root.certificate).subject);
    expect(source.issuers()).toBe(source.issuers());
    expect(source.asOf()).toBe(world.pki.now());
  });

  test('published, never published, suspended', async () => {
    expect(of(gateway)).toMatchObject({ state: 'published' });
    expect(of(await issue(gatewayName))).toBeUndefined();
    const { certificate } = published.cell;
    expect(of(published.cell)).toMatchObject({ state: 'published' });
    await published.suspend();
    expect(of(published.cell)).toMatchObject({ state: 'suspended' });
    expect(() => ledgerPeerTrust(world.pki).identify(certificate, [], world.now())).toThrow(/suspended/);
  });
});

describe('trust in signers from the ledger', () => {
  const identify = ({ certificate }: Certified) =>
    ledgerPeerTrust(world.pki).identify(certificate, [], world.now());

  test('an operator’s certificate that is published', () => {
    expect(identify(gateway)).toMatchObject({ kind: 'operator', chain: [root.certificate] });
  });

  test('a rogue certificate with a copied serial number is refused: it is found by its hash', async () => {
    const { serial } = parseCertificate(gateway.certificate);
    const rogue = await issue(gatewayName, { serial });
    const { issuer } = parseCertificate(rogue.certificate);
    expect(ledgerStatusSource(world.pki).byName(issuer, serial)).toMatchObject({ state: 'published' });
    expect(() => identify(rogue)).toThrow(/not published/);
  });

  test('a vendor’s certificate under its anchor', async () => {
    const device = await certify({ device: 'AC6G-000001', issuer: vendorRoot });
    expect(identify(device)).toMatchObject({ kind: 'vendor', chain: [vendorRoot.certificate] });
  });

  test('one that was asked before knows of an anchor that is admitted later', async () => {
    const trust = ledgerPeerTrust(world.pki);
    const laterRoot = await certify({ ca: true, commonName: 'Later CA of V', notAfter: START + 3650 * DAY });
    const { certificate } = await certify({ device: 'AC7G-000001', issuer: laterRoot });
    const identifyNow = () => trust.identify(certificate, [], world.now());
    expect(identifyNow).toThrow(/no chain of signatures/);
    await admit(vendorScope(world.v, ['AC7G']), laterRoot, world.v);
    expect(identifyNow()).toMatchObject({ kind: 'vendor', chain: [laterRoot.certificate] });
  });

  test('a self-signed one only if a batch covers it', async () => {
    const covered = await published.publish(7);
    expect(identify(covered)).toMatchObject({ kind: 'vendor', chain: [] });
    const stray = await certify({ device: serialOf(8) });
    expect(() => identify(stray)).toThrow(/no anchor/);
  });

  test('a certificate under no anchor is refused', async () => {
    const foreign = await certify({ ca: true, commonName: 'Foreign' });
    const device = await certify({ device: 'AC6G-000002', issuer: foreign });
    expect(() => identify(device)).toThrow();
  });
});

test('what remembers until the next block says the same, before and after each change', async () => {
  const plain = ledgerStatusSource(world.pki);
  const height = () => world.ledger.head().height;
  const remembering = ledgerStatusSource(world.pki, { height });
  const other = await published.publish(9);
  const namesOf = ({ issuers }: typeof plain) => issuers().map(({ name }) => name);
  const compare = (): string[] =>
    [gateway, published.cell, other].map(({ certificate }) => {
      const { issuer, serial } = parseCertificate(certificate);
      const said = remembering.byName(issuer, serial);
      expect(said).toEqual(plain.byName(issuer, serial));
      expect(remembering.byName(issuer, serial)).toBe(said);
      expect(namesOf(remembering)).toEqual(namesOf(plain));
      return said?.state ?? 'unpublished';
    });
  const before = compare();
  await world.act(
    'status.revoke',
    { certificates: [certificateHash(gateway.certificate)], reason: 'key-compromise', voters: null },
    [world.a],
  );
  expect(before[0]).toBe('published');
  expect(compare()[0]).toBe('revoked');
  const trusted = namesOf(remembering).length;
  const late = await certify({ ca: true, commonName: 'Late CA of V', notAfter: START + 3650 * DAY });
  await admit(vendorScope(world.v, ['AC8G']), late, world.v);
  compare();
  expect(namesOf(remembering)).toHaveLength(trusted + 1);
});
