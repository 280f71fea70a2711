import { type Bytes, toBase64url, utf8 } from '@attestel/core';

/** SHA-256 as the platform has it. */
export type Hash = (data: Bytes) => Promise<Bytes>;

/** Web Crypto: in browsers (secure contexts) and in Node. */
export const webCryptoSha256: Hash = async (data) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(data)));

export const digestText = async (text: string, hash: Hash): Promise<string> =>
  toBase64url(await hash(utf8(text)));
