import type { Bytes, MultikeyBytes } from '@attestel/core';
import { type LedgerHead, type NoteSignature, parseLedgerBody, verifyCheckpoint } from '@attestel/proof';
import { appHashOf } from '../log/head.ts';
import { ed25519Key } from '../log/sign-checkpoint.ts';
import { proofCrypto } from '../signatures/verify-signature.ts';

/** Whose log it is; from a source other than the log. */
export interface LogTrust {
  readonly origin: string;
  /** Ed25519 multikey that signs the log's checkpoints. */
  readonly checkpointKey: MultikeyBytes;
}

/** A checkpoint that the log's key signed. */
export interface SignedHead extends LedgerHead {
  readonly body: string;
  /** SHA-256 of the body. */
  readonly hash: Bytes;
  /** As it came, cosignatures included. */
  readonly note: string;
  /** The log's own signature lines. */
  readonly logSignatures: readonly NoteSignature[];
}

/** @throws ProofError unless the log's key signed it and its body is that of a ledger */
export function openSignedNote(note: string, { origin, checkpointKey }: LogTrust): SignedHead {
  const trust = { origin, keys: [{ name: origin, publicKey: ed25519Key(checkpointKey) }] };
  const { body, signatures } = verifyCheckpoint(note, trust, proofCrypto);
  const logSignatures = signatures.filter(({ name }) => name === origin);
  return { ...parseLedgerBody(body), body, hash: appHashOf(body), note, logSignatures };
}
