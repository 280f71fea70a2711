import { fromBase64url, toHex } from '@attestel/core';
import { fail } from '../errors.ts';

/**
 * Encodings of the points of order 1, 2, 4 and 8 on edwards25519 with the sign bit cleared, and the two
 * non-canonical ones. Under such a key one signature holds for many messages, so it binds nothing
 * (RFC 8032 §5.1.7 leaves the check to the protocol).
 */
const SMALL_ORDER = new Set([
  `${'00'.repeat(32)}`,
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

/** @throws AppError key_not_supported when the Ed25519 key is a point of small order */
export function assertNotSmallOrder(x: string): void {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64url(x);
  } catch {
    throw fail('key_not_supported');
  }
  if (bytes.length !== 32) throw fail('key_not_supported');
  bytes[31] = (bytes[31] as number) & 0x7f;
  if (SMALL_ORDER.has(toHex(bytes))) throw fail('key_not_supported');
}
