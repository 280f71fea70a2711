import type { MultikeyBytes } from '@attestel/core';
import {
  cosignaturesOf,
  type Policy,
  ProofError,
  parseNote,
  verifyCheckpoint,
  verifyCosignedBodySync,
} from '@attestel/proof';
import { ed25519Key } from '../log/sign-checkpoint.ts';
import { proofCrypto } from '../signatures/verify-signature.ts';
import { LogFaultError } from './entry.ts';

/** Whose word a replay takes for a checkpoint, from a source other than the log. One of the two is needed. */
export interface CheckpointTrustees {
  readonly origin: string;
  /** Ed25519 multikey of the log itself. */
  readonly checkpointKey?: MultikeyBytes | undefined;
  /**
   * For a log without a key of its own: its witnesses. Every cosignature must verify; a quorum is asked for on the last
   * checkpoint only, since some may have been on their way when a block was followed by the next.
   */
  readonly policy?: Policy | undefined;
}

interface Signed {
  readonly body: string;
  readonly hasQuorum: boolean;
}

/**
 * Compares a note with the body that the log so far makes; `last` is the index of the last entry it covers. Returns
 * whether it may be the last checkpoint of the log. @throws LogFaultError
 */
export function assertCheckpoint(
  trustees: CheckpointTrustees,
  note: string,
  body: string,
  last: number,
): boolean {
  let signed: Signed;
  try {
    signed = readSigned(trustees, note);
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw new LogFaultError(last, 'checkpoint_invalid', error.message, error);
  }
  if (signed.body === body) return signed.hasQuorum;
  // The first three lines are the log; a fourth that differs alone is the state.
  const isState = logLines(signed.body) === logLines(body);
  const detail = `the ${last + 1} entries so far do not make the signed checkpoint`;
  throw new LogFaultError(last, isState ? 'state_mismatch' : 'root_mismatch', detail);
}

/** @throws LogFaultError */
export function assertFinal(hasQuorum: boolean, size: number): void {
  if (hasQuorum) return;
  throw new LogFaultError(size - 1, 'checkpoint_invalid', 'too few witnesses cosigned the last checkpoint');
}

/** @throws ProofError; TypeError without key and policy */
function readSigned({ origin, checkpointKey, policy }: CheckpointTrustees, note: string): Signed {
  if (checkpointKey) {
    const keys = [{ name: origin, publicKey: ed25519Key(checkpointKey) }];
    return { body: verifyCheckpoint(note, { origin, keys }, proofCrypto).body, hasQuorum: true };
  }
  if (!policy) throw new TypeError('ledger: a replay needs the key of the log or a policy');
  const { text: body, signatures } = parseNote(note);
  const lines = cosignaturesOf(policy, signatures);
  try {
    verifyCosignedBodySync(policy, body, lines, proofCrypto);
    return { body, hasQuorum: true };
  } catch (error) {
    if (!(error instanceof ProofError) || error.code !== 'quorum_not_met') throw error;
    return { body, hasQuorum: false };
  }
}

const logLines = (body: string): string => body.split('\n').slice(0, 3).join('\n');
