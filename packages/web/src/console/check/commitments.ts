import {
  type Bytes,
  canonicalizeJson,
  concatBytes,
  fromHex,
  type JsonValue,
  sha256,
  toHex,
  utf8,
} from '@attestel/core';

/** Name of the ledger module that holds lines. */
export const EVENT_MODULE = 'event';

/** What opens a commitment of the ledger: HMAC-SHA-256(salt, JCS(content)) (specs/event-lines.md §2). @returns hex */
export async function digestOf(content: JsonValue, salt: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', owned(fromHex(salt)), algorithm, false, ['sign']);
  return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, owned(utf8(canonicalizeJson(content))))));
}

/** Web Crypto takes no memory that others could share. */
const owned = (bytes: Bytes): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

/** Name of an object on the ledger: SHA-256(module ‖ 0x00 ‖ id). @param id hex @returns hex */
export const refOf = (module: string, id: string): string =>
  toHex(sha256(concatBytes(utf8(module), Uint8Array.of(0), fromHex(id))));

/** Key of a line or of an object's newest line in the ledger's state. @param id hex */
export const stateKeyOf = (channel: string, table: 'line' | 'head' | 'events', id: string): string =>
  `${channel}|${table}|${id}`;
