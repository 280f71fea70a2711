import { type Bytes, concatBytes } from '@attestel/core';
import {
  elementsOf,
  extension,
  nameKey,
  parseCertificate,
  parseRevocationList,
  readDer,
  validatePath,
  verifySignature,
} from '@attestel/x509';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AT, authority, issued } from '../chains.ts';

const root = authority('Root');
const NAMES = [
  { kind: 'dns', value: 'a.example' },
  { kind: 'uri', value: 'urn:a' },
  { kind: 'ip', value: Uint8Array.of(10, 0, 0, 1) },
] as const;
const rich = issued(root, {
  extensions: [
    extension.basicConstraints({ ca: true, pathLength: 3 }),
    extension.keyUsage(['keyCertSign', 'cRLSign']),
    extension.san(NAMES),
    extension.nameConstraints({ permitted: [NAMES[0]], excluded: [] }),
    extension.policies([{ policy: '1.3.1' }]),
    extension.policyMappings([{ issuerDomain: '1.3.1', subjectDomain: '1.3.2' }]),
    extension.policyConstraints({ requireExplicit: 1, inhibitMapping: 0 }),
    extension.inhibitAnyPolicy(1),
    extension.aki({ keyId: Uint8Array.of(1), issuer: [NAMES[0]], serial: Uint8Array.of(1) }),
    extension.ski(Uint8Array.of(2)),
    extension.crlDp([{ name: { fullName: [NAMES[1]] }, reasons: new Set([1]) }]),
    extension.aia([{ method: '1.3.6.1.5.5.7.48.1', location: NAMES[1] }]),
    extension.nfTypes(['AMF', 'SMF']),
  ],
});

/** Changes that keep most of the bytes, so that readers are reached deep inside. */
const change = fc.oneof(
  fc.record({ at: fc.nat(), remove: fc.constant(1), insert: fc.uint8Array({ minLength: 1, maxLength: 1 }) }),
  fc.record({ at: fc.nat(), remove: fc.nat(40), insert: fc.uint8Array({ maxLength: 40 }) }),
);

function mutated(source: Bytes, changes: readonly { at: number; remove: number; insert: Bytes }[]): Bytes {
  let bytes = source;
  for (const { at, remove, insert } of changes) {
    const start = at % (bytes.length + 1);
    bytes = concatBytes(bytes.subarray(0, start), insert, bytes.subarray(start + remove));
  }
  return bytes;
}

function onlyAppErrors(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    expect(error).toMatchObject({ name: 'AppError' });
    return false;
  }
}

/** Every element inside, by way of constructed tags and of octet strings that hold one. */
function walk(bytes: Bytes, depth = 0): void {
  if (depth > 30) return;
  for (const { tag, content } of elementsOf(bytes)) if (tag & 0x20) walk(content, depth + 1);
}

describe('hostile bytes [X.690]: an AppError or an answer, nothing else', () => {
  it('in the place of a certificate or a list', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (noise, framed) => {
        const body = framed
          ? concatBytes(Uint8Array.of(0x30, 0x82, noise.length >> 8, noise.length & 255), noise)
          : noise;
        for (const read of [parseCertificate, parseRevocationList, readDer, walk]) {
          onlyAppErrors(() => read(body));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('in a certificate with every extension, changed here and there', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const bytes = mutated(rich, changes);
        onlyAppErrors(() => walk(bytes));
        if (!onlyAppErrors(() => parseCertificate(bytes))) return;
        const leaf = parseCertificate(bytes);
        const anchors = [parseCertificate(root.certificate)];
        onlyAppErrors(() => validatePath({ leaf, intermediates: [leaf], anchors, at: AT }));
      }),
      { numRuns: 3000 },
    );
  });

  it('in the place of a key, a message or a signature: no signature', () => {
    const { spki, signature, tbs } = parseCertificate(root.certificate);
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), (changes) => {
        const [key, proof] = [mutated(spki, changes), mutated(signature, changes)];
        const isChanged = (a: Bytes, b: Bytes) => Buffer.compare(a, b) !== 0;
        if (isChanged(key, spki)) expect(verifySignature(key, 'ecdsa-sha256', tbs, signature)).toBe(false);
        if (isChanged(proof, signature))
          expect(verifySignature(spki, 'ecdsa-sha256', tbs, proof)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('do not depend on which certificates were read before them', () => {
    const issuers = ['One', 'one', 'Two', ''].map((name) => authority(name || 'Other'));
    const leaves = issuers.map((issuer) => issued(issuer));
    const said = (der: Bytes) => {
      const { issuerName, subjectName, ...rest } = parseCertificate(der);
      return { ...rest, names: [issuerName, subjectName].map((name) => [nameKey(name), name.bytes]) };
    };
    const alone = leaves.map(said);
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 1, maxLength: 8 }), (order) => {
        for (const i of order) expect(said(leaves[i] as Bytes)).toEqual(alone[i]);
      }),
    );
    const [first, , other] = leaves as [Bytes, Bytes, Bytes];
    parseCertificate(first);
    expect(parseCertificate(other).issuer).not.toEqual(parseCertificate(first).issuer);
  });
});
