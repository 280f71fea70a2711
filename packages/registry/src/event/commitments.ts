import { type Bytes, canonicalizeJson, concatBytes, type JsonValue, utf8 } from '@attestel/core';
import { proofCrypto } from '@attestel/ledger';

const KEY_BYTES = 32;
const ID_BYTES = 16;
/** Of SHA-256, as HMAC counts. */
const BLOCK_BYTES = 64;

const SEPARATOR = Uint8Array.of(0);

/**
 * The one formula for content that stays with the parties: HMAC-SHA-256(salt, JCS(payload)) (architecture §3).
 * @throws TypeError where the salt is not 32 bytes or the payload is not JSON
 */
export function digestOf(payload: JsonValue, salt: Bytes): Bytes {
  assertLength(salt, KEY_BYTES, 'salt');
  return hmac(salt, utf8(canonicalizeJson(payload)));
}

/**
 * A uniqueness token: HMAC-SHA-256(channel key, module ‖ 0x00 ‖ key). Who lacks the channel key can neither tell
 * nor guess what is kept unique. @throws TypeError
 */
export function tokenOf(channelKey: Bytes, module: string, key: string): Bytes {
  assertLength(channelKey, KEY_BYTES, 'channel key');
  return hmac(channelKey, named(module, utf8(assertText(key))));
}

/**
 * What the ledger holds of a channel's key, so that there is one: HMAC-SHA-256(key, tag ‖ channel). Nobody can find the
 * key, nor a second one that fits. No token is made of such a text, since names of modules hold no `/`. @throws TypeError
 */
export function channelKeyCommitment(channelKey: Bytes, channel: string): Bytes {
  assertLength(channelKey, KEY_BYTES, 'channel key');
  return hmac(channelKey, utf8(`attestel/channel-key/v1\n${channel}`));
}

/**
 * Key of the tokens of modules that nodes execute: no secret, since their payloads stand in the log. So every node
 * makes the tokens itself.
 */
export const sharedTokenKey = (channel: string): Bytes =>
  proofCrypto.sha256(utf8(`attestel/shared-tokens/v1\n${channel}`));

/**
 * Name of an object on the ledger: SHA-256(module ‖ 0x00 ‖ id). The id is 16 random bytes, never a serial or phone
 * number, so that the name says nothing. @throws TypeError
 */
export function refOf(module: string, id: Bytes): Bytes {
  assertLength(id, ID_BYTES, 'id');
  return proofCrypto.sha256(named(module, id));
}

function named(module: string, rest: Bytes): Bytes {
  // Without the separator two pairs of module and key could be one text.
  if (!/^[a-z][a-z0-9.-]{0,63}$/.test(module)) throw new TypeError('event: malformed module name');
  return concatBytes(utf8(module), SEPARATOR, rest);
}

/** RFC 2104 over SHA-256, for keys shorter than its block. The state machine takes no platform's own. */
function hmac(key: Bytes, data: Bytes): Bytes {
  const { sha256 } = proofCrypto;
  return sha256(keyed(key, 0x5c, sha256(keyed(key, 0x36, data))));
}

/** The key, filled up to a block, with each byte of it changed by `pad`; then the data. */
function keyed(key: Bytes, pad: number, data: Bytes): Bytes {
  const bytes = new Uint8Array(BLOCK_BYTES + data.length).fill(pad, 0, BLOCK_BYTES);
  for (let i = 0; i < key.length; i += 1) bytes[i] = (key[i] as number) ^ pad;
  bytes.set(data, BLOCK_BYTES);
  return bytes;
}

function assertLength(bytes: Bytes, length: number, name: string): void {
  if (bytes.length !== length) throw new TypeError(`event: ${name} must be ${length} bytes`);
}

function assertText(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('event: text with a lone surrogate');
  return text;
}
