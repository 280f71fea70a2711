import { createHash } from 'node:crypto';
import {
  type Bytes,
  type MultikeyBytes,
  multikeyToJwk,
  type Signer,
  systemRandom,
  toHex,
} from '@attestel/core';
import {
  type Extension,
  Name,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from './authoring-library.ts';
import { spkiOf } from './public-key.ts';

export interface CertificateContent {
  readonly serial: Bytes | undefined;
  readonly issuer: Name;
  readonly subject: Name;
  readonly publicKey: MultikeyBytes;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: Extension[];
}

/** Upper bound of X.520 for a common name (RFC 5280 appendix A.1, ub-common-name). */
const MAX_NAME = 64;
const SERIAL_BYTES = 16;

/**
 * DER of a certificate whose signature comes from `signer`. The library asks WebCrypto for one
 * signature; it is given our signer in that place, so the private key stays where it is.
 */
export async function authorCertificate(content: CertificateContent, signer: Signer): Promise<Bytes> {
  assertPeriod(content.notBefore, content.notAfter);
  const algorithm =
    signer.algorithm === 'EdDSA' ? { name: 'Ed25519' } : { name: 'ECDSA', namedCurve: 'P-256' };
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: toHex(content.serial ?? freshSerial()),
      issuer: content.issuer,
      subject: content.subject,
      notBefore: new Date(content.notBefore * 1000),
      notAfter: new Date(content.notAfter * 1000),
      publicKey: new Uint8Array(spkiOf(content.publicKey)),
      signingKey: { algorithm } as CryptoKey,
      signingAlgorithm: { ...algorithm, hash: 'SHA-256' },
      extensions: content.extensions,
    },
    signingCrypto(signer),
  );
  return new Uint8Array(certificate.rawData);
}

/** One common name; the value is data, never parsed as a distinguished name. */
export function nameOf(commonName: string): Name {
  const length = [...commonName].length;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (length === 0 || length > MAX_NAME || /[\u0000-\u001f\u007f]/.test(commonName)) {
    throw new TypeError(`certificate: a name has 1 to ${MAX_NAME} characters and no control characters`);
  }
  return new Name([{ CN: [commonName] }]);
}

/** First 160 bits of SHA-256 of the key bits (RFC 7093 §2, method 1), hex. */
export function keyIdOf(key: MultikeyBytes): string {
  const jwk = multikeyToJwk(key);
  const bits = spkiOf(key).slice(jwk.kty === 'EC' ? -65 : -32);
  return createHash('sha256').update(bits).digest('hex').slice(0, 40);
}

export const subjectKeyId = (key: MultikeyBytes): Extension =>
  new SubjectKeyIdentifierExtension(keyIdOf(key));

/** 127 random bits, never zero and never negative (RFC 5280 §4.1.2.2). */
function freshSerial(): Bytes {
  const serial = systemRandom.bytes(SERIAL_BYTES);
  serial[0] = ((serial[0] as number) & 0x7f) | 0x40;
  return serial;
}

function assertPeriod(notBefore: number, notAfter: number): void {
  if (!Number.isSafeInteger(notBefore) || !Number.isSafeInteger(notAfter) || notBefore >= notAfter) {
    throw new TypeError('certificate: validity must be whole seconds, notBefore before notAfter');
  }
}

function signingCrypto(signer: Signer): Crypto {
  const sign = async (_algorithm: unknown, _key: unknown, data: BufferSource): Promise<ArrayBuffer> => {
    const message = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    return new Uint8Array(await signer.sign(message)).buffer;
  };
  return { subtle: { sign } } as unknown as Crypto;
}
