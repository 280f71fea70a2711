import type { Sha256 } from './hash.ts';

/**
 * Cryptography of the caller's platform. `verifyEd25519` must never throw on hostile bytes and must
 * enforce one strict rule (canonical S, R and key, no key of small order).
 */
export interface ProofCrypto {
  readonly sha256: Sha256;
  readonly verifyEd25519: (
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ) => boolean | Promise<boolean>;
}

/** The same where nothing may be awaited: in a state machine. */
export interface SyncProofCrypto extends ProofCrypto {
  readonly verifyEd25519: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;
}
