import type { Bytes } from '../bytes.ts';
import type { MultikeyBytes, SignatureAlgorithm } from '../multikey.ts';

/** Signs with one private key that stays where it is. */
export interface Signer {
  readonly algorithm: SignatureAlgorithm;
  readonly publicKey: MultikeyBytes;
  /**
   * 64 bytes: Ed25519 (RFC 8032), or ECDSA P-256 with SHA-256 as r‖s (RFC 7518 §3.4).
   * The message is hashed by the signer.
   */
  sign(message: Bytes): Promise<Bytes>;
}
