import { type Bytes, toBase64url, utf8 } from '@attestel/core';

/** SHA-256 by Web Crypto. */
export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(data)));
}

/** base64url SHA-256 of a text. */
export const textDigest = async (text: string): Promise<string> => toBase64url(await sha256(utf8(text)));
