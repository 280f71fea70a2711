import { type Bytes, equalBytes, type MultikeyBytes } from '@attestel/core';
import {
  type LedgerHead,
  type NoteSignature,
  noteKeyId,
  parseLedgerBody,
  verifyCheckpoint,
} from '@attestel/proof';
import { appHashOf } from '../log/head.ts';
import { ed25519Key } from '../log/sign-checkpoint.ts';
import { sha256 } from '../sha256.ts';
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
  /** The log's own signature line, verified. */
  readonly logSignature: NoteSignature;
}

/** @throws ProofError unless the log's key signed it and its body is that of a ledger */
export function openSignedNote(note: string, { origin, checkpointKey }: LogTrust): SignedHead {
  const publicKey = ed25519Key(checkpointKey);
  const trust = { origin, keys: [{ name: origin, publicKey }] };
  const { body, signatures } = verifyCheckpoint(note, trust, proofCrypto);
  const keyId = noteKeyId(sha256, origin, publicKey);
  // Exactly the one that was verified: whoever hands a note on can add lines in the log's name, and repeat this one.
  const logSignature = signatures.find((line) => line.name === origin && equalBytes(line.keyId, keyId));
  if (!logSignature) throw new TypeError('ledger: a verified note without its signature');
  return { ...parseLedgerBody(body), body, hash: appHashOf(body), note, logSignature };
}
