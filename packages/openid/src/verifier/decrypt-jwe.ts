import { createDecipheriv, createECDH, createHash, createSecretKey, timingSafeEqual } from 'node:crypto';
import { type Bytes, fromBase64url, fromUtf8 } from '@attestel/core';
import { z } from 'zod';

const coordinate = z.string().length(43);

// What we asked for in client_metadata. Members we do not know are ignored (RFC 7516 §4); those that would
// change the meaning of the rest are refused (§4.1.3, §4.1.13).
const headerSchema = z.object({
  alg: z.literal('ECDH-ES'),
  enc: z.enum(['A128GCM', 'A256GCM']),
  kid: z.string(),
  epk: z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }),
  apu: z.string().max(512).optional(),
  apv: z.string().max(512).optional(),
  zip: z.never().optional(),
  crit: z.never().optional(),
});

type Header = z.output<typeof headerSchema>;

const KEY_BYTES = { A128GCM: 16, A256GCM: 32 } as const;

/**
 * Compact JWE with direct key agreement (RFC 7516 §5.2, RFC 7518 §4.6 and §5.3). Only node:crypto, and
 * synchronous: the one ECDH costs less than handing it to another thread.
 * @throws on anything that is not a JWE to this key under this kid
 */
export function decryptJwe(jwe: string, kid: string, privateKey: Bytes): Bytes {
  const [protectedHeader = '', encryptedKey, iv = '', ciphertext = '', tag = '', ...rest] = jwe.split('.');
  // RFC 7518 §4.6: with direct agreement the encrypted key is empty.
  if (encryptedKey !== '' || rest.length > 0)
    throw new TypeError('jwe: not a compact JWE of direct agreement');
  const header = headerSchema.parse(JSON.parse(fromUtf8(fromBase64url(protectedHeader))));
  if (!sameText(header.kid, kid)) throw new TypeError('jwe: meant for another key');
  const [ivBytes, tagBytes] = [fromBase64url(iv), fromBase64url(tag)];
  if (ivBytes.length !== 12 || tagBytes.length !== 16)
    throw new TypeError('jwe: iv or tag of the wrong length');
  const key = createSecretKey(deriveContentKey(agree(header.epk, privateKey), header));
  const decipher = createDecipheriv(header.enc === 'A128GCM' ? 'aes-128-gcm' : 'aes-256-gcm', key, ivBytes, {
    authTagLength: 16,
  });
  decipher.setAAD(Buffer.from(protectedHeader, 'ascii')).setAuthTag(tagBytes);
  return Buffer.concat([decipher.update(fromBase64url(ciphertext)), decipher.final()]);
}

/** OpenSSL refuses points that are not on the curve. */
function agree(epk: Header['epk'], privateKey: Bytes): Bytes {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(privateKey);
  return ecdh.computeSecret(Buffer.concat([Buffer.of(4), fromBase64url(epk.x), fromBase64url(epk.y)]));
}

/** Concat KDF with SHA-256, one round (RFC 7518 §4.6.2). */
export function deriveContentKey(secret: Bytes, header: Pick<Header, 'enc' | 'apu' | 'apv'>): Bytes {
  const bytes = KEY_BYTES[header.enc];
  return createHash('sha256')
    .update(uint32(1))
    .update(secret)
    .update(withLength(Buffer.from(header.enc)))
    .update(withLength(fromBase64url(header.apu ?? '')))
    .update(withLength(fromBase64url(header.apv ?? '')))
    .update(uint32(bytes * 8))
    .digest()
    .subarray(0, bytes);
}

const withLength = (data: Bytes): Bytes => Buffer.concat([uint32(data.length), data]);

function uint32(value: number): Bytes {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const sameText = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
