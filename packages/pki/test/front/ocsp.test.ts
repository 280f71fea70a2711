import { createHash } from 'node:crypto';
import { type Bytes, type Clock, equalBytes, silentLogger } from '@attestel/core';
import { der, keyBits, parseCertificate, parsePublicKey, writeName } from '@attestel/x509';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { OID } from '../../src/asn1/oids.ts';
import type { CertificateAuthority } from '../../src/ca/authority.ts';
import { PROFILES } from '../../src/ca/profile.ts';
import { createOcspResponder, type OcspResponderOptions } from '../../src/front/ocsp/responder.ts';
import { deviceKey, freshAuthority } from './fixtures/authority.ts';
import { type FakeStatus, fakeStatus } from './fixtures/status.ts';

const NOW = 1_800_000_000;
let ca: CertificateAuthority;
let leaf: Bytes;
let now: number;
const clock: Clock = { now: () => now * 1000 };
let status: FakeStatus;

beforeAll(async () => {
  now = NOW;
  ca = await freshAuthority('Operator', { clock });
  const subject = writeName([['commonName', 'cell']]);
  leaf = await ca.issue({ subject, spki: deviceKey().spki, profile: PROFILES['small-cell'] });
});
beforeEach(() => {
  now = NOW;
  status = fakeStatus([ca.certificate], NOW);
});

const responder = (more: Partial<OcspResponderOptions> = {}) =>
  createOcspResponder({
    ...{ source: status, signer: { key: ca.key, certificate: ca.certificate }, clock, logger: silentLogger },
    ...more,
  });

const sha1 = (bytes: Bytes): Bytes => createHash('sha1').update(bytes).digest();

function certId(issuer: Bytes, serial: Bytes): Bytes {
  const { subject, spki } = parseCertificate(issuer);
  const hashes = [subject, keyBits(parsePublicKey(spki))].map((bytes) => der.octetString(sha1(bytes)));
  return der.sequence(der.sequence(der.oid(OID.sha1), der.null()), ...hashes, der.integer(serial));
}

const requestFor = (ids: readonly Bytes[], ...more: Bytes[]): Bytes =>
  der.sequence(der.sequence(der.sequence(...ids.map((id) => der.sequence(id))), ...more));
const forLeaf = (): Bytes => requestFor([certId(ca.certificate, parseCertificate(leaf).serial)]);
const nonce = (octets: number): Bytes => {
  const value = der.octetString(der.octetString(new Uint8Array(octets).fill(7)));
  return der.explicit(2, der.sequence(der.sequence(der.oid(OID.ocspNonce), value)));
};

/** OCSPResponseStatus stands right behind the heads of a short answer. */
const statusOf = async (answer: Promise<{ der: Bytes }>): Promise<number | undefined> =>
  (await answer).der[4];

describe('an OCSP responder', () => {
  test('says the same from memory until half the time is over, and signs again then', async () => {
    status.set(leaf, { state: 'published', since: 1 });
    const one = responder({ validity: 60 });
    const first = await one.respond(forLeaf());
    expect(first.maxAge).toBe(60);
    now += 29;
    const kept = await one.respond(forLeaf());
    expect(kept).toEqual({ der: first.der, maxAge: 31 });
    now += 1;
    expect(equalBytes((await one.respond(forLeaf())).der, first.der)).toBe(false);
  });

  test('shows a revocation at once, whatever it keeps', async () => {
    status.set(leaf, { state: 'published', since: 1 });
    const one = responder();
    const good = await one.respond(forLeaf());
    status.set(leaf, { state: 'suspended', since: NOW });
    const held = await one.respond(forLeaf());
    expect(equalBytes(held.der, good.der)).toBe(false);
    status.set(leaf, undefined);
    expect(equalBytes((await one.respond(forLeaf())).der, held.der)).toBe(false);
  });

  test('signs for a nonce afresh, and lets nobody keep it', async () => {
    const request = requestFor([certId(ca.certificate, parseCertificate(leaf).serial)], nonce(16));
    const one = responder();
    const [a, b] = [await one.respond(request), await one.respond(request)];
    expect(a.maxAge).toBeUndefined();
    expect(equalBytes(a.der, b.der)).toBe(false);
    expect(Buffer.from(a.der).includes(Buffer.alloc(16, 7))).toBe(true);
  });

  test('keeps no more answers than it may', async () => {
    const one = responder({ cachedAnswers: 1 });
    const other = requestFor([certId(ca.certificate, Uint8Array.of(9))]);
    const first = await one.respond(forLeaf());
    await one.respond(other);
    expect(equalBytes((await one.respond(forLeaf())).der, first.der)).toBe(false);
  });

  test('does not speak from a state that is too old', async () => {
    now = NOW + 301;
    expect(await statusOf(responder({ maxStateAge: 300 }).respond(forLeaf()))).toBe(3);
  });

  test('does not speak for a CA that is not on the ledger', async () => {
    const foreign = await freshAuthority('Foreign', { clock });
    const id = certId(foreign.certificate, Uint8Array.of(1));
    expect(await statusOf(responder().respond(requestFor([id])))).toBe(6);
  });

  test('a CA admitted later is answered for', async () => {
    const late = await freshAuthority('Late', { clock });
    let issuers = status.issuers();
    const source = { ...status, issuers: () => issuers, asOf: () => NOW };
    const one = responder({ source });
    const request = requestFor([certId(late.certificate, Uint8Array.of(1))]);
    expect(await statusOf(one.respond(request))).toBe(6);
    const { subject, spki } = parseCertificate(late.certificate);
    issuers = [...issuers, { name: subject, spki }];
    expect(await statusOf(one.respond(request))).not.toBe(6);
  });

  test('a key that fails and a ledger that fails are internal errors', async () => {
    const key = { ...ca.key, sign: () => Promise.reject(new Error('gone')) };
    expect(
      await statusOf(responder({ signer: { key, certificate: ca.certificate } }).respond(forLeaf())),
    ).toBe(2);
    const source: typeof status = {
      ...status,
      asOf: () => NOW,
      byName: () => {
        throw new Error('closed');
      },
    };
    expect(await statusOf(responder({ source }).respond(forLeaf()))).toBe(2);
  });

  test.each<[string, () => Bytes]>([
    ['nothing', () => new Uint8Array()],
    ['no certificate', () => requestFor([])],
    [
      '65 certificates',
      () => requestFor(Array.from({ length: 65 }, () => certId(ca.certificate, Uint8Array.of(1)))),
    ],
    ['17 kB', () => new Uint8Array(17_000)],
    ['a written version', () => der.sequence(der.sequence(der.explicit(0, der.integer(0)), der.sequence()))],
    ['an empty nonce', () => requestFor([certId(ca.certificate, Uint8Array.of(1))], nonce(0))],
    ['a nonce of 129 octets', () => requestFor([certId(ca.certificate, Uint8Array.of(1))], nonce(129))],
    ['a serial of 21 octets', () => requestFor([certId(ca.certificate, new Uint8Array(21).fill(1))])],
    ['bytes after the end', () => Uint8Array.from([...forLeaf(), 0])],
  ])('a request with %s is malformed', async (_, request) => {
    expect(await statusOf(responder().respond(request()))).toBe(1);
  });
});
