import type { Bytes } from './bytes.ts';
import { isStrictEd25519 } from './ed25519-rule.ts';

/**
 * Ed25519 by Web Crypto under the strict rule of {@link isStrictEd25519}. Never throws on hostile bytes.
 * @throws DOMException NotSupportedError where the platform has no Ed25519: then nothing can be said of any signature
 */
export async function verifyEd25519(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  if (!isStrictEd25519(publicKey, signature)) return false;
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey('raw', Uint8Array.from(publicKey), 'Ed25519', false, ['verify']);
  } catch (error) {
    if (isUnsupported(error)) throw error;
    return false; // no point of the curve
  }
  return crypto.subtle.verify('Ed25519', key, Uint8Array.from(signature), Uint8Array.from(message));
}

const isUnsupported = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'NotSupportedError';
