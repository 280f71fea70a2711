import { type Bytes, equalBytes } from '@attestel/core';
import {
  checkProfile,
  elementsOf,
  extension,
  parseCertificate,
  parsePublicKey,
  parseRevocationList,
  readDer,
  validatePath,
  verifyCertificateSignature,
  verifySignature,
} from '@attestel/x509';
import { describe, expect, it } from 'vitest';
import { AT, authority, CA_EXTENSIONS, issued, keyPair, spkiOf } from './chains.ts';
import { listOf } from './crl/revocation-lists.ts';
import { diceOf, fuzz, mutated } from './fuzzing.ts';

const NAMES = [
  { kind: 'dns', value: 'a.example' },
  { kind: 'uri', value: 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6' },
  { kind: 'ip', value: Uint8Array.of(10, 0, 0, 1) },
  { kind: 'email', value: 'a@b.example' },
] as const;
const RICH = [
  ...CA_EXTENSIONS,
  extension.san(NAMES),
  extension.extKeyUsage(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.17']),
  extension.nameConstraints({ permitted: [NAMES[0]], excluded: [NAMES[3]] }),
  extension.policies([{ policy: '1.3.1' }]),
  extension.policyMappings([{ issuerDomain: '1.3.1', subjectDomain: '1.3.2' }]),
  extension.policyConstraints({ requireExplicit: 1, inhibitMapping: 0 }),
  extension.inhibitAnyPolicy(1),
  extension.aki({ keyId: Uint8Array.of(1), issuer: [NAMES[0]], serial: Uint8Array.of(1) }),
  extension.ski(Uint8Array.of(2)),
  extension.crlDp([{ name: { fullName: [NAMES[1]] }, reasons: new Set([1]) }]),
  extension.aia([{ method: '1.3.6.1.5.5.7.48.1', location: NAMES[1] }]),
  extension.nfTypes(['AMF', 'SMF']),
];

const KINDS = ['P-256', 'P-384', 'RSA', 'Ed25519'] as const;
const roots = KINDS.map((kind) => authority(`Root ${kind}`, { keys: keyPair(kind, 'fuzz root') }));
const anchors = roots.map(({ certificate }) => parseCertificate(certificate));
const leaves = [
  ...roots.map((by, i) => issued(by, { extensions: RICH, spki: spkiOf(keyPair(KINDS[i], 'fuzz leaf')) })),
  issued(roots[2] as (typeof roots)[0], { algorithm: 'rsa-pss-sha256' }),
  issued(roots[0] as (typeof roots)[0]),
];
const certificates = [...roots.map(({ certificate }) => certificate), ...leaves];
const isOf = (corpus: readonly Bytes[]) => (bytes: Bytes) => corpus.some((one) => equalBytes(one, bytes));

describe('bytes near good ones are read or refused, soon, and with an error of ours', () => {
  it('as DER', () => {
    const walk = (bytes: Bytes): number =>
      elementsOf(bytes).reduce((sum, { tag, content }) => sum + (tag & 0x20 ? walk(content) : 1), 0);
    const { codes } = fuzz(certificates, (bytes) => walk(readDer(bytes).bytes));
    expect(codes).toContain('der_form');
  });

  it('as a certificate, its profile and its path: none that was changed has a path', () => {
    const intermediates = certificates.map(parseCertificate);
    const { accepted, codes } = fuzz(
      certificates,
      (bytes) => {
        const leaf = parseCertificate(bytes);
        const outcomes = [
          refusalOf(() => checkProfile('network-function', leaf)),
          refusalOf(() => checkProfile('operator-ca', leaf)),
          refusalOf(() => validatePath({ leaf, intermediates: [leaf, ...intermediates], anchors, at: AT })),
        ];
        const issuer = anchors.find(({ subject }) => equalBytes(subject, leaf.issuer));
        return { path: outcomes[2], signed: issuer && verifyCertificateSignature(leaf, issuer.spki) };
      },
      {
        accepted: (bytes, { path, signed }) => {
          if (isOf(certificates)(bytes)) return;
          expect(path).toBeDefined();
          expect(signed).not.toBe(true);
        },
      },
    );
    expect(accepted).toBeGreaterThan(10);
    expect(codes.size).toBeGreaterThan(12);
  });

  it('as a revocation list: none that was changed has its issuer’s signature', () => {
    const lists = roots.slice(0, 2).map((by) => listOf(by, { serials: [1, 2, 3], reason: 1 }));
    const { codes } = fuzz(
      lists,
      (bytes) => {
        const { signatureAlgorithm, tbs, signature } = parseRevocationList(bytes);
        return anchors.some(({ spki }) => verifySignature(spki, signatureAlgorithm, tbs, signature));
      },
      {
        accepted: (bytes, signed) => {
          if (!isOf(lists)(bytes)) expect(signed).toBe(false);
        },
      },
    );
    expect(codes.size).toBeGreaterThan(6);
  });

  it('as a public key, which then has signed nothing', () => {
    const keys = anchors.map(({ spki }) => spki);
    const [{ tbs, signature }] = [anchors[2] as (typeof anchors)[0]];
    fuzz(
      keys,
      (bytes) => {
        parsePublicKey(bytes);
        return verifySignature(bytes, 'rsa-sha256', tbs, signature);
      },
      {
        accepted: (bytes, signed) => {
          if (!isOf(keys)(bytes)) expect(signed).toBe(false);
        },
      },
    );
  });

  it('as a signature of every algorithm: none that was changed holds', () => {
    for (const { issuer, signatureAlgorithm, tbs, signature } of certificates.map(parseCertificate)) {
      const { spki } = anchors.find(({ subject }) => equalBytes(subject, issuer)) as (typeof anchors)[0];
      expect(verifySignature(spki, signatureAlgorithm, tbs, signature)).toBe(true);
      fuzz([signature], (bytes) => verifySignature(spki, signatureAlgorithm, tbs, bytes), {
        runs: Math.ceil(Number(process.env.ATTESTEL_FUZZ_RUNS ?? 2000) / 10),
        accepted: (bytes, holds) => expect(holds).toBe(equalBytes(bytes, signature)),
      });
    }
  });
});

it('inputs of a seed are the same each time', () => {
  const some = (seed: number) => mutated(certificates, diceOf(seed));
  expect(some(5)).toEqual(some(5));
  expect(some(5)).not.toEqual(some(6));
});

function refusalOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ name: 'AppError' });
    return (error as { code: string }).code;
  }
}
