import { type Bytes, toBase64url, utf8 } from '@attestel/core';
import { fail } from './errors.ts';
import { refDetail } from './key-store.ts';
import type { KeyRef, KeyStore } from './port.ts';

/** What a JWS needs of a key; a core `Signer` is one. */
export interface JwsSigner {
  readonly algorithm: 'EdDSA' | 'ES256' | 'RS256';
  /** Signature bytes of the algorithm (RFC 7518 §3, RFC 8037 §3.1). */
  sign(message: Bytes): Promise<Bytes>;
}

/** Members of a JOSE header or of JWT claims; those that are undefined are left out. */
export type JsonMembers = Readonly<Record<string, unknown>>;

/**
 * Compact JWS (RFC 7515 §7.1). `alg` comes from the key, so that header and key cannot disagree;
 * everything else in the header is the caller's.
 */
export async function signJws(header: JsonMembers, payload: Bytes, signer: JwsSigner): Promise<string> {
  if (header.alg !== undefined && header.alg !== signer.algorithm) {
    throw new TypeError('jws: alg of the header differs from the key');
  }
  const protectedHeader = JSON.stringify({ ...header, alg: signer.algorithm });
  const input = `${toBase64url(utf8(protectedHeader))}.${toBase64url(payload)}`;
  return `${input}.${toBase64url(await signer.sign(utf8(input)))}`;
}

/** Signed JWT (RFC 7519 §7.1). Sets no claim by itself. */
export const signJwt = (header: JsonMembers, payload: JsonMembers, signer: JwsSigner): Promise<string> =>
  signJws(header, utf8(JSON.stringify(payload)), signer);

/**
 * Signer of any asymmetric key of a key store, also RS256, which has no multikey and therefore no
 * core `Signer`. @throws AppError key_not_found, key_wrong_algorithm
 */
export async function jwsSigner(keyStore: KeyStore, ref: KeyRef): Promise<JwsSigner> {
  const info = await keyStore.find(ref);
  if (!info) throw fail('key_not_found', refDetail(ref));
  const { algorithm } = info;
  if (algorithm === 'HS256') throw fail('key_wrong_algorithm', refDetail(ref));
  return { algorithm, sign: (message) => keyStore.sign(ref, message) };
}
