import { concatBytes } from '../bytes.ts';
import { parseCheckpointBody } from '../checkpoint.ts';
import { ProofError } from '../errors.ts';
import type { NoteSignature } from '../note.ts';
import { readTimestamp } from './cosignature.ts';
import type { VerifierKey } from './verifier-key.ts';

// Apart from the Ed25519 cosignatures in types too: what is signed here holds no extension line, so it
// says nothing about the state root and must never be counted for a state receipt.

/** Cosignature of a log head under ML-DSA-44 (C2SP tlog-cosignature). */
export interface MlDsaCosignature {
  readonly mlDsa44: true;
  readonly keyId: Uint8Array;
  /** Unix seconds; 0 when the cosigner does not say that this was the largest tree it knew. */
  readonly time: number;
  /** 2420 bytes. */
  readonly signature: Uint8Array;
}

/** ML-DSA-44 with an empty context (FIPS 204) where the platform has it. Must not throw on hostile bytes. */
export type MlDsaVerify = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>;

/** What an ML-DSA-44 cosigner vouches for: the log, and not the state. */
export interface LogHead {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Unix seconds. */
  readonly time: number;
}

const TIME_BYTES = 8;
const SIGNATURE_BYTES = 2420;
const MAX_NAME_BYTES = 255;
const LABEL = new TextEncoder().encode('subtree/v1\n\0');

/**
 * The `cosigned_message` of a checkpoint: label, cosigner, time, origin, 0, size, root. Extension lines are left out.
 * @throws ProofError checkpoint_malformed, also for a name or origin of more than 255 bytes
 */
export function mlDsaCosignedMessage(cosigner: string, body: string, time: number): Uint8Array {
  const { origin, size, root } = parseCheckpointBody(body);
  const parts = [LABEL, opaque(cosigner), u64(time), opaque(origin), u64(0), u64(size), root];
  return concatBytes(parts);
}

/** 8 bytes of time and a signature. @throws ProofError cosignature_malformed */
export function parseMlDsaCosignature({ keyId, signature: value }: NoteSignature): MlDsaCosignature {
  if (value.length !== TIME_BYTES + SIGNATURE_BYTES) {
    throw new ProofError('cosignature_malformed', 'cosignature: must be 8 bytes of time and 2420 more');
  }
  return { mlDsa44: true, keyId, time: readTimestamp(value), signature: value.slice(TIME_BYTES) };
}

/** One cosigner's word, for what is about the log alone. @throws ProofError cosignature_invalid */
export async function verifyMlDsaCosignature(
  key: VerifierKey,
  body: string,
  { time, signature }: MlDsaCosignature,
  verify: MlDsaVerify,
): Promise<LogHead> {
  if (key.type !== 'ml-dsa-44') throw new TypeError('cosignature: not an ML-DSA-44 key');
  const message = mlDsaCosignedMessage(key.name, body, time);
  if ((await verify(key.publicKey, message, signature)) !== true) {
    throw new ProofError('cosignature_invalid', 'cosignature: the cosigner did not sign this');
  }
  const { origin, size, root } = parseCheckpointBody(body);
  return { origin, size, root, time };
}

/** `opaque<1..2^8-1>` (RFC 8446 §3.4). */
function opaque(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length === 0 || bytes.length > MAX_NAME_BYTES) {
    throw new ProofError('checkpoint_malformed', 'cosignature: names have 1 to 255 bytes');
  }
  return Uint8Array.of(bytes.length, ...bytes);
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
