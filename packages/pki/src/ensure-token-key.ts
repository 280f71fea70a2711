import { type Bytes, utf8 } from '@attestel/core';
import type { KeyStore } from '@attestel/keystore';

const REF = 'pki/tokens';
const MESSAGE = utf8('attestel/pki/token-key/v1\n');

/**
 * The 32 bytes that hide a member's device serials, made once: validators see them, so they are derived from a key
 * that stays in the key store. Whoever loses that key cannot publish under its anchors any more.
 */
export async function ensureTokenKey(keyStore: KeyStore): Promise<Bytes> {
  const known = await keyStore.find(REF);
  if (!known) await keyStore.generate({ ref: REF, purpose: 'derivation', algorithm: 'HS256' });
  return keyStore.mac(REF, MESSAGE);
}
