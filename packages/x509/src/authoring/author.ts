import { createHash } from 'node:crypto';
import { type Bytes, type MultikeyBytes, type Signer, systemRandom } from '@attestel/core';
import { keyBits, publicKeyOfMultikey, writeSpki } from '../certificate/public-key.ts';
import { ecdsaSignatureFromRaw, writeCertificate } from './write-certificate.ts';
import { extension } from './write-extensions.ts';
import { writeName } from './write-name.ts';

interface CertificateContent {
  readonly serial: Bytes | undefined;
  /** DER of the names. */
  readonly issuer: Bytes;
  readonly subject: Bytes;
  readonly publicKey: MultikeyBytes;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly Bytes[];
}

/** Upper bound of X.520 for a common name (RFC 5280 appendix A.1, ub-common-name). */
const MAX_NAME = 64;
const SERIAL_BYTES = 16;

/** DER of a certificate whose signature comes from `signer`: the private key stays where it is. */
export async function authorCertificate(content: CertificateContent, signer: Signer): Promise<Bytes> {
  assertPeriod(content.notBefore, content.notAfter);
  const ed25519 = signer.algorithm === 'EdDSA';
  const template = {
    ...content,
    serial: content.serial ?? freshSerial(),
    spki: writeSpki(publicKeyOfMultikey(content.publicKey)),
    signatureAlgorithm: ed25519 ? 'ed25519' : 'ecdsa-sha256',
  } as const;
  return writeCertificate(template, async (tbs) => {
    const signature = await signer.sign(tbs);
    return ed25519 ? signature : ecdsaSignatureFromRaw(signature);
  });
}

/** One common name; the value is data, never parsed as a distinguished name. */
export function nameOf(commonName: string): Bytes {
  const length = [...commonName].length;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (length === 0 || length > MAX_NAME || /[\u0000-\u001f\u007f]/.test(commonName)) {
    throw new TypeError(`certificate: a name has 1 to ${MAX_NAME} characters and no control characters`);
  }
  return writeName([['commonName', commonName]]);
}

/** First 160 bits of SHA-256 of the key bits (RFC 7093 §2, method 1). */
export const keyIdOf = (key: MultikeyBytes): Bytes =>
  new Uint8Array(
    createHash('sha256')
      .update(keyBits(publicKeyOfMultikey(key)))
      .digest(),
  ).slice(0, 20);

export const subjectKeyId = (key: MultikeyBytes): Bytes => extension.ski(keyIdOf(key));

/** 127 random bits, never zero and never negative (RFC 5280 §4.1.2.2). */
export function freshSerial(): Bytes {
  const serial = systemRandom.bytes(SERIAL_BYTES);
  serial[0] = ((serial[0] as number) & 0x7f) | 0x40;
  return serial;
}

function assertPeriod(notBefore: number, notAfter: number): void {
  if (!Number.isSafeInteger(notBefore) || !Number.isSafeInteger(notAfter) || notBefore >= notAfter) {
    throw new TypeError('certificate: validity must be whole seconds, notBefore before notAfter');
  }
}
