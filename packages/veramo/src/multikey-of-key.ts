import { type Bytes, concatBytes, fromHex, isMultikey, type MultikeyBytes } from '@attestel/core';
import type { IKey } from '@veramo/core-types';
import { fail } from './errors.ts';

const ED25519_PREFIX = Uint8Array.of(0xed, 0x01);
const P256_PREFIX = Uint8Array.of(0x80, 0x24);

/** Public key of Veramo's key manager as did:mno writes it (specs/did-mno.md §4.5). @throws AppError key_unsupported */
export function multikeyOfKey(key: Pick<IKey, 'type' | 'publicKeyHex'>): MultikeyBytes {
  const multikey = toMultikey(key);
  if (multikey === undefined || !isMultikey(multikey)) throw fail('key_unsupported');
  return multikey;
}

function toMultikey({ type, publicKeyHex }: Pick<IKey, 'type' | 'publicKeyHex'>): MultikeyBytes | undefined {
  let bytes: Bytes;
  try {
    bytes = fromHex(publicKeyHex.toLowerCase());
  } catch {
    return undefined;
  }
  if (type === 'Ed25519') return concatBytes(ED25519_PREFIX, bytes);
  if (type === 'Secp256r1') return concatBytes(P256_PREFIX, compressed(bytes));
  return undefined;
}

/** SEC 1 §2.3.3: key managers hand out both forms of a point. */
function compressed(point: Bytes): Bytes {
  if (point.length !== 65 || point[0] !== 0x04) return point;
  const isOdd = ((point[64] ?? 0) & 1) === 1;
  return concatBytes(Uint8Array.of(isOdd ? 0x03 : 0x02), point.slice(1, 33));
}
