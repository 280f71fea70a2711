import { createCipheriv, createECDH, createHash, randomBytes } from 'node:crypto';

/** Public key of a request's `client_metadata`. */
export interface ResponseJwk {
  readonly kid: string;
  readonly x: string;
  readonly y: string;
}

/**
 * Compact JWE, ECDH-ES with A256GCM (RFC 7518 §4.6, §5.3). Synchronous: libraries on Web Crypto hand four steps to
 * other threads, and an idle sign-in would be measured mostly waiting for the generator's own.
 */
export function encryptAnswer(answer: string, jwk: ResponseJwk): string {
  const ecdh = createECDH('prime256v1');
  const point = ecdh.generateKeys();
  const secret = ecdh.computeSecret(Buffer.concat([Buffer.of(4), fromText(jwk.x), fromText(jwk.y)]));
  const epk = { kty: 'EC', crv: 'P-256', x: toText(point.subarray(1, 33)), y: toText(point.subarray(33)) };
  const header = toText(Buffer.from(JSON.stringify({ alg: 'ECDH-ES', enc: 'A256GCM', kid: jwk.kid, epk })));
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', contentKey(secret), iv).setAAD(Buffer.from(header));
  const ciphertext = Buffer.concat([cipher.update(answer), cipher.final()]);
  return [header, '', toText(iv), toText(ciphertext), toText(cipher.getAuthTag())].join('.');
}

/** Concat KDF, one round, nothing about the parties (RFC 7518 §4.6.2). */
function contentKey(secret: Buffer): Buffer {
  const name = Buffer.from('A256GCM');
  const info = [uint32(1), secret, uint32(name.length), name, uint32(0), uint32(0), uint32(256)];
  return createHash('sha256').update(Buffer.concat(info)).digest();
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const toText = (bytes: Buffer): string => bytes.toString('base64url');
const fromText = (text: string): Buffer => Buffer.from(text, 'base64url');
