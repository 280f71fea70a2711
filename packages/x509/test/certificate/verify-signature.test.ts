import { generateKeyPairSync, sign } from 'node:crypto';
import { concatBytes, fromHex, utf8 } from '@attestel/core';
import {
  type CertificateSignatureAlgorithm,
  der,
  elementsOf,
  readDer,
  readSignatureAlgorithm,
  readUnsigned,
  verifySignature,
  writeSignatureAlgorithm,
} from '@attestel/x509';
import { describe, expect, it } from 'vitest';
import { type KeyKind, keyPair, spkiOf } from '../chains.ts';

const MESSAGE = utf8('message');
const P256 = keyPair('P-256', 'signer');

function signed(kind: KeyKind, algorithm: CertificateSignatureAlgorithm): Uint8Array {
  const hash = algorithm === 'ed25519' ? null : algorithm.slice(-6);
  const pss = algorithm.startsWith('rsa-pss') ? { padding: 6, saltLength: -1 } : {};
  return sign(hash, MESSAGE, { key: keyPair(kind, 'signer').privateKey, dsaEncoding: 'der', ...pss });
}

const PAIRS: readonly (readonly [KeyKind, CertificateSignatureAlgorithm])[] = [
  ['P-256', 'ecdsa-sha256'],
  ['P-256', 'ecdsa-sha384'],
  ['P-384', 'ecdsa-sha384'],
  ['Ed25519', 'ed25519'],
  ['RSA', 'rsa-sha256'],
  ['RSA', 'rsa-sha384'],
  ['RSA', 'rsa-sha512'],
  ['RSA', 'rsa-pss-sha256'],
  ['RSA', 'rsa-pss-sha384'],
  ['RSA', 'rsa-pss-sha512'],
];

describe('signatures', () => {
  it.each(PAIRS)('by %s keys with %s hold for their message, algorithm and key only', (kind, algorithm) => {
    const spki = spkiOf(keyPair(kind, 'signer'));
    const signature = signed(kind, algorithm);
    expect(verifySignature(spki, algorithm, MESSAGE, signature)).toBe(true);
    expect(verifySignature(spki, algorithm, utf8('other'), signature)).toBe(false);
    expect(verifySignature(spkiOf(keyPair(kind, 'other')), algorithm, MESSAGE, signature)).toBe(false);
    for (const [, other] of PAIRS) {
      if (other !== algorithm) expect(verifySignature(spki, other, MESSAGE, signature)).toBe(false);
    }
  });

  it('take ECDSA values in DER only', () => {
    const good = signed('P-256', 'ecdsa-sha256');
    const [r, s] = elementsOf(readDer(good).content).map(readUnsigned) as [Uint8Array, Uint8Array];
    const check = (signature: Uint8Array) =>
      verifySignature(spkiOf(P256), 'ecdsa-sha256', MESSAGE, signature);
    const padded = der.element(0x02, Uint8Array.of(0, 0), s);
    for (const bad of [
      der.sequence(der.integer(r), padded),
      der.sequence(der.integer(r), der.integer(s), der.null()),
      der.sequence(der.integer(r), der.integer(0)),
      der.sequence(der.integer(0), der.integer(s)),
      der.sequence(der.integer(r), der.integer(concatBytes(Uint8Array.of(1), new Uint8Array(32)))),
      concatBytes(good, Uint8Array.of(0)),
      concatBytes(r, s),
      new Uint8Array(),
    ]) {
      expect(check(bad)).toBe(false);
    }
    expect(check(der.sequence(der.integer(r), der.integer(s)))).toBe(true);
  });

  it('are none by Ed25519 keys of small order, nor with S beyond the group', () => {
    const spki = (key: string) => concatBytes(fromHex('302a300506032b6570032100'), fromHex(key));
    const small = concatBytes(Uint8Array.of(1), new Uint8Array(63));
    expect(verifySignature(spki(`01${'00'.repeat(31)}`), 'ed25519', MESSAGE, small)).toBe(false);
    const good = signed('Ed25519', 'ed25519');
    const high = Uint8Array.from(good);
    high[63] = 0xff;
    expect(verifySignature(spkiOf(keyPair('Ed25519', 'signer')), 'ed25519', MESSAGE, high)).toBe(false);
  });

  it('leave the bytes they look at as they are, Buffers too', () => {
    for (let i = 0; i < 20; i++) {
      const pair = generateKeyPairSync('ed25519');
      const [spki, signature] = [Buffer.from(spkiOf(pair)), sign(null, MESSAGE, pair.privateKey)];
      const before = Buffer.concat([spki, signature]);
      expect(verifySignature(spki, 'ed25519', MESSAGE, signature)).toBe(true);
      expect(Buffer.concat([spki, signature])).toEqual(before);
    }
  });

  it('are none by RSA of another length', () => {
    const spki = spkiOf(keyPair('RSA', 'signer'));
    const good = signed('RSA', 'rsa-sha256');
    for (const bad of [good.slice(1), concatBytes(Uint8Array.of(0), good)]) {
      expect(verifySignature(spki, 'rsa-sha256', MESSAGE, bad)).toBe(false);
    }
  });

  it('are none by bytes that are no key', () => {
    expect(verifySignature(utf8('no key'), 'ecdsa-sha256', MESSAGE, signed('P-256', 'ecdsa-sha256'))).toBe(
      false,
    );
  });
});

describe('algorithm identifiers', () => {
  const code = (name: string) => expect.objectContaining({ name: 'AppError', code: name });
  const read = (bytes: Uint8Array) => () => readSignatureAlgorithm(readDer(bytes));
  const sha = (last: number) => der.sequence(der.oid(`2.16.840.1.101.3.4.2.${last}`));
  const mgf = (hash: Uint8Array) => der.explicit(1, der.sequence(der.oid('1.2.840.113549.1.1.8'), hash));
  const pss = (...parts: Uint8Array[]) =>
    der.sequence(der.oid('1.2.840.113549.1.1.10'), der.sequence(...parts));

  it.each(PAIRS)('are read as written: %s, %s', (_, algorithm) => {
    expect(read(writeSignatureAlgorithm(algorithm))()).toBe(algorithm);
  });

  it('of PSS have one hash, and a salt of its length [RFC4055 §3.1]', () => {
    const salt = (length: number) => der.explicit(2, der.integer(length));
    expect(read(pss(der.explicit(0, sha(1)), mgf(sha(1)), salt(32)))()).toBe('rsa-pss-sha256');
    expect(read(pss())).toThrow(code('algorithm_refused'));
    expect(read(pss(der.explicit(0, sha(1)), mgf(sha(2)), salt(32)))).toThrow(code('algorithm_unsupported'));
    expect(read(pss(der.explicit(0, sha(1)), mgf(sha(1)), salt(20)))).toThrow(code('algorithm_unsupported'));
    expect(read(pss(der.explicit(0, sha(1)), mgf(sha(1))))).toThrow(code('algorithm_unsupported'));
    expect(read(pss(der.explicit(0, sha(4)), mgf(sha(4)), salt(28)))).toThrow(code('algorithm_unsupported'));
  });

  it('of RSA have NULL, of the others nothing', () => {
    expect(read(der.sequence(der.oid('1.2.840.113549.1.1.11')))).toThrow(code('der_structure'));
    expect(read(der.sequence(der.oid('1.3.101.112'), der.null()))).toThrow(code('der_trailing'));
  });
});
