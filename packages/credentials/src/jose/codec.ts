import { type Bytes, fromBase64url, fromUtf8 } from '@attestel/core';
import { fail } from '../errors.ts';

/** Strict base64url decoding, as the platform does it fastest. @throws TypeError */
export type DecodeBase64url = (text: string) => Bytes;

export function decodeBytes(text: string, decode: DecodeBase64url = fromBase64url): Bytes {
  try {
    return decode(text);
  } catch {
    throw fail('base64url_invalid');
  }
}

/** UTF-8 text inside base64url. */
export function decodeText(text: string, decode?: DecodeBase64url): string {
  const bytes = decodeBytes(text, decode);
  try {
    return fromUtf8(bytes);
  } catch {
    throw fail('utf8_invalid');
  }
}
