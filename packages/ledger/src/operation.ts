import type { Bytes, CborValue, MultikeyBytes } from '@attestel/core';

/** Longest distance between block time and `notAfter`, seconds (architecture §3: 24 h). */
export const MAX_VALIDITY_SECONDS = 86_400;

/** Operations larger than this are refused, bytes of the encoded operation with attachment. */
export const MAX_OPERATION_BYTES = 900_000;

/** Signed in front of the payload, so that nothing signed here means anything elsewhere. */
export const OPERATION_DOMAIN_TAG = 'attestel/operation/v1\n';

/**
 * What an actor signs, as deterministic CBOR. Names network, actor and predecessor, so a signature
 * cannot be replayed elsewhere or again.
 */
export interface OperationPayload {
  readonly v: 1;
  readonly network: string;
  /** Namespace (channel) of the ledger; `main` for the main one. */
  readonly ns: string;
  readonly module: string;
  readonly kind: string;
  /** DID that acts. */
  readonly actor: string;
  /** In modules ordered by object: id of the object's last operation, null for its first. */
  readonly previous?: Bytes | null;
  /** In modules ordered by actor: number of the actor's operations in that module so far. */
  readonly sequence?: number;
  /** Last block time, unix seconds, at which the operation may be executed. */
  readonly notAfter: number;
  readonly body: { readonly [field: string]: CborValue };
}

export interface OperationSignature {
  /** The public key travels with the signature: it is checked before any state is read. */
  readonly key: MultikeyBytes;
  readonly signature: Bytes;
}

/**
 * A signed change. On the wire: CBOR `[payload bytes, [[key, signature], …], attachment | null]`.
 * The attachment is not signed: the body commits to it (salted hash), validators check it, and it
 * can later be erased; the log keeps payload and signatures only.
 */
export interface Operation {
  readonly payload: OperationPayload;
  readonly payloadBytes: Bytes;
  /** SHA-256(domain tag ‖ payload bytes): signatures are not part of it. */
  readonly id: Bytes;
  readonly signatures: readonly OperationSignature[];
  readonly attachment: Bytes | null;
}
