import { type Bytes, isAppError, toHex, utf8 } from '@attestel/core';
import type { CertificateRules, LeafFacts, SubmittedItem } from '@attestel/pki';
import { describe, expect, it } from 'vitest';
import { provePossession } from '../../src/module/prove-possession.ts';
import { enrolmentNonce, possessionStatement } from '../../src/rules/possession.ts';
import { sha256 } from '../../src/sha256.ts';

const hash = (text: string): Bytes => sha256(utf8(text));
const claim = {
  network: 'test',
  challenge: hash('challenge'),
  certificate: hash('cell'),
  submitter: 'did:a',
};
const signer = utf8('certificate of the vendor');
const spki = utf8('key');
/** Signatures here are what was signed, in front of who signed. */
const signed = (by: string, message: Bytes): Bytes => sha256(Uint8Array.of(...utf8(by), ...message));
const factsOf = (by: string) =>
  ({ spki, verify: (message, signature) => hash('x') && equal(signature, signed(by, message)) }) as LeafFacts;
const equal = (a: Bytes, b: Bytes): boolean => Buffer.from(a).equals(b);

const good = { signer, spki, certificate: claim.certificate, nonce: enrolmentNonce(claim, sha256) };

const asked = { spki, challengePassword: toHex(enrolmentNonce(claim, sha256)) };

const codeOf = (
  item: Partial<SubmittedItem>,
  proof: Partial<typeof good & typeof asked> = {},
): string | boolean => {
  const certificates = {
    readEnrolment: () => ({ ...good, ...proof }),
    readCertificationRequest: () => ({ ...asked, ...proof }),
  } as unknown as CertificateRules;
  const whole = { certificate: utf8('cell'), replaces: null, origin: null, ...item } as SubmittedItem;
  try {
    const vouched = provePossession(whole, factsOf('cell'), claim, { sha256, certificates });
    return whole.origin ? vouched(whole.origin, factsOf('vendor')) : true;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.code;
  }
};

describe('a signature over the statement', () => {
  const statement = possessionStatement(claim);
  const possession = signed('cell', statement);

  it('proves possession, and the origin’s key vouches by another', () => {
    expect(codeOf({ possession })).toBe(true);
    expect(
      codeOf({ possession, origin: { certificate: signer, signature: signed('vendor', statement) } }),
    ).toBe(true);
  });

  it('is the key’s own, and no origin vouches by silence', () => {
    expect(codeOf({ possession: signed('other', statement) })).toBe('pki_possession_invalid');
    expect(codeOf({ possession, origin: { certificate: signer, signature: null } })).toBe(false);
    expect(codeOf({ possession, origin: { certificate: signer, signature: possession } })).toBe(false);
  });
});

describe('the messages of an enrolment', () => {
  const possession = { request: utf8('ir'), confirmation: utf8('certConf') };
  const origin = { certificate: signer, signature: null };

  it('prove possession, and origin by the certificate that signed them', () => {
    expect(codeOf({ possession, origin })).toBe(true);
  });

  it('prove a renewal where the replaced certificate signed them', () => {
    expect(codeOf({ possession, replaces: sha256(signer) })).toBe(true);
    expect(codeOf({ possession, replaces: hash('another') })).toBe('pki_origin_invalid');
    expect(codeOf({ possession })).toBe('pki_origin_invalid');
  });

  it('are worth nothing for another challenge, submitter, certificate or key', () => {
    const stale = enrolmentNonce({ ...claim, challenge: hash('old') }, sha256);
    const others = enrolmentNonce({ ...claim, submitter: 'did:b' }, sha256);
    for (const proof of [
      { nonce: stale },
      { nonce: others },
      { certificate: hash('x') },
      { spki: utf8('x') },
    ]) {
      expect(codeOf({ possession, origin }, proof)).toBe('pki_possession_invalid');
    }
  });

  it('do not vouch for another origin than their signer', () => {
    const other = { certificate: utf8('other vendor'), signature: null };
    expect(codeOf({ possession, origin: other })).toBe('pki_origin_invalid');
    expect(codeOf({ possession, origin: { ...origin, signature: utf8('x') } })).toBe(false);
  });
});

describe('a certification request', () => {
  const possession = { certificationRequest: utf8('PKCS #10') };

  it('proves possession where its challenge password is the nonce of the challenge', () => {
    expect(codeOf({ possession })).toBe(true);
    expect(codeOf({ possession, replaces: hash('another') })).toBe(true);
  });

  it('proves nothing with another password, or none, or by another key', () => {
    const other = toHex(enrolmentNonce({ ...claim, submitter: 'did:b' }, sha256));
    for (const proof of [{ challengePassword: other }, { challengePassword: '' }, { spki: utf8('other') }]) {
      expect(codeOf({ possession }, proof)).toBe('pki_possession_invalid');
    }
  });

  it('says nothing of where the device comes from', () => {
    for (const signature of [null, utf8('x')])
      expect(codeOf({ possession, origin: { certificate: signer, signature } })).toBe(false);
  });
});
