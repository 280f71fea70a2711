import { type Bytes, type Clock, type Signer, unixSeconds, utf8 } from '@attestel/core';
import {
  cosignatureMessage,
  createVerifierKey,
  formatCosignature,
  type NoteSignature,
  noteKeyId,
  type VerifierKey,
} from '@attestel/proof';
import { fail } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { verifySignature } from '../signatures/verify-signature.ts';

const ED25519_PREFIX_BYTES = 2;

/** The 32 bytes of an Ed25519 multikey. @throws TypeError for another kind of key */
export function ed25519Key(publicKey: Bytes): Bytes {
  if (publicKey.length !== 34 || publicKey[0] !== 0xed || publicKey[1] !== 0x01) {
    throw new TypeError('ledger: checkpoints are signed with Ed25519');
  }
  return publicKey.slice(ED25519_PREFIX_BYTES);
}

/** This node's key for cosignatures: it signs only what the node has executed itself. */
export interface WitnessKey {
  /** Name of the key in notes and policies. */
  readonly name: string;
  /** Ed25519; signs cosignatures and nothing else. */
  readonly signer: Signer;
  /** When a cosignature was made; execution never sees it. */
  readonly clock: Clock;
}

/** @throws TypeError for a name that no note can carry, or another kind of key */
export const witnessVerifierKey = ({ name, signer }: Omit<WitnessKey, 'clock'>): VerifierKey =>
  createVerifierKey(sha256, { name, type: 'cosignature', publicKey: ed25519Key(signer.publicKey) });

/** The log's own signature, whose key name equals its origin (C2SP tlog-checkpoint). */
export async function signAsLog(signer: Signer, origin: string, body: string): Promise<NoteSignature> {
  const keyId = noteKeyId(sha256, origin, ed25519Key(signer.publicKey));
  return { name: origin, keyId, signature: await signed(signer, utf8(body)) };
}

/** A cosignature with the time of the node's own clock (C2SP tlog-cosignature). */
export async function signAsWitness(witness: WitnessKey, body: string): Promise<NoteSignature> {
  const time = unixSeconds(witness.clock);
  const signature = await signed(witness.signer, cosignatureMessage(body, time));
  return formatCosignature(witnessVerifierKey(witness), { time, signature });
}

async function signed(signer: Signer, message: Bytes): Promise<Bytes> {
  const signature = await signer.sign(message).catch((cause: unknown) => {
    throw fail('checkpoint_not_signed', { cause });
  });
  // A key store that answers with a wrong signature must not put a block into the log.
  if (!verifySignature(signer.publicKey, message, signature)) throw fail('checkpoint_not_signed');
  return signature;
}
