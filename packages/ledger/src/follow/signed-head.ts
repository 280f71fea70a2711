import { type Bytes, equalBytes, type MultikeyBytes } from '@attestel/core';
import {
  cosignaturesOf,
  type LedgerHead,
  type NoteSignature,
  noteKeyId,
  type Policy,
  parseLedgerBody,
  parseNote,
  verifyCheckpoint,
  verifyCosignedBodySync,
} from '@attestel/proof';
import { appHashOf } from '../log/head.ts';
import { ed25519Key } from '../log/sign-checkpoint.ts';
import { sha256 } from '../sha256.ts';
import { proofCrypto } from '../signatures/verify-signature.ts';

/** Whose log it is; from a source other than the log. Key or policy are needed. */
export interface LogTrust {
  readonly origin: string;
  /** Ed25519 multikey that signs the log's checkpoints. */
  readonly checkpointKey?: MultikeyBytes | undefined;
  /** For a log without a key of its own, which several nodes order: the quorum of its witnesses signs for it. */
  readonly policy?: Policy | undefined;
}

/** What a block ends with. */
export interface BlockHead extends LedgerHead {
  readonly body: string;
  /** SHA-256 of the body. */
  readonly hash: Bytes;
  /** As it came, cosignatures included. */
  readonly note: string;
  /** The log's own signature line, verified; of a log that has a key. */
  readonly logSignature?: NoteSignature;
}

const NOBODY = 'ledger: a log without key needs its policy';

/** @throws TypeError without key and without the policy of this log: nobody's checkpoint would count */
export function assertTrust({ origin, checkpointKey, policy }: LogTrust): void {
  if (!checkpointKey && policy?.origin !== origin) throw new TypeError(NOBODY);
}

declare const vouchedFor: unique symbol;
/** A checkpoint that the log's key signed, or where it has none the quorum of its witnesses. */
export type SignedHead = BlockHead & { readonly [vouchedFor]: true };

/** @throws ProofError unless whoever signs for the log did so and its body is that of a ledger */
export const openSignedNote = (note: string, trust: LogTrust): SignedHead =>
  (trust.checkpointKey
    ? openByKey(note, trust, trust.checkpointKey)
    : openByQuorum(note, trust)) as SignedHead;

/** Who counts is the policy's affair; a line of a witness that does not verify spoils the note. */
function openByQuorum(note: string, { origin, policy }: LogTrust): BlockHead {
  if (policy?.origin !== origin) throw new TypeError(NOBODY);
  const { text: body, signatures } = parseNote(note);
  verifyCosignedBodySync(policy, body, cosignaturesOf(policy, signatures), proofCrypto);
  return { ...parseLedgerBody(body), body, hash: appHashOf(body), note };
}

function openByKey(note: string, { origin }: LogTrust, checkpointKey: MultikeyBytes): BlockHead {
  const publicKey = ed25519Key(checkpointKey);
  const trust = { origin, keys: [{ name: origin, publicKey }] };
  const { body, signatures } = verifyCheckpoint(note, trust, proofCrypto);
  const keyId = noteKeyId(sha256, origin, publicKey);
  // Exactly the one that was verified: whoever hands a note on can add lines in the log's name, and repeat this one.
  const logSignature = signatures.find((line) => line.name === origin && equalBytes(line.keyId, keyId));
  if (!logSignature) throw new TypeError('ledger: a verified note without its signature');
  return { ...parseLedgerBody(body), body, hash: appHashOf(body), note, logSignature };
}
