import {
  type Bytes,
  type JsonValue,
  type SignatureAlgorithm,
  type Signer,
  toBase64url,
  utf8,
} from '@attestel/core';
import { fail } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { type DecodeBase64url, decodeBytes, decodeText } from './codec.ts';
import { type JsonObject, parseStrictObject } from './strict-json.ts';

/** A compact JWS taken apart; nothing about it is verified. */
export interface CompactJws {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  readonly signature: Bytes;
  /** ASCII text that was signed (RFC 7515 §5.1). */
  readonly signingInput: string;
}

/** Takes a hostile compact JWS whose payload is a JSON object apart (RFC 7515 §7.1, RFC 7519 §7.2). */
export function parseCompactJws(
  text: string,
  decode?: DecodeBase64url,
  maxChars: number = LIMITS.jwsChars,
): CompactJws {
  if (text.length > maxChars) throw fail('jws_too_large');
  const first = text.indexOf('.');
  const second = text.indexOf('.', first + 1);
  if (first < 1 || second < first + 2 || second === text.length - 1 || text.includes('.', second + 1)) {
    throw fail('jws_malformed');
  }
  return {
    header: parseStrictObject(decodeText(text.slice(0, first), decode)),
    payload: parseStrictObject(decodeText(text.slice(first + 1, second), decode)),
    signature: decodeBytes(text.slice(second + 1), decode),
    signingInput: text.slice(0, second),
  };
}

/**
 * The algorithm a header names. `none`, HMAC and everything else that is not a signature by a
 * supported key never gets past here (RFC 8725 §3.1, RFC 9901 §7.1 step 2.1).
 */
export function headerAlgorithm(header: JsonObject): SignatureAlgorithm {
  const { alg } = header;
  if (alg !== 'ES256' && alg !== 'EdDSA') throw fail('alg_not_allowed');
  return alg;
}

/** Signs claims; `alg` is the signer's own, so a header can never disagree with its key. */
export async function signCompactJws(
  header: JsonObject,
  payload: { readonly [key: string]: JsonValue | undefined },
  signer: Pick<Signer, 'algorithm' | 'sign'>,
): Promise<string> {
  const head = encodeJson({ ...header, alg: signer.algorithm });
  const signingInput = `${head}.${encodeJson(payload)}`;
  return `${signingInput}.${toBase64url(await signer.sign(utf8(signingInput)))}`;
}

const encodeJson = (value: unknown): string => toBase64url(utf8(JSON.stringify(value)));
