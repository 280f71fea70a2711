import { sameBytes } from '../bytes.ts';
import { type Cosignature, cosignatureMessage, parseCosignature } from '../cosignature/cosignature.ts';
import type { ProofCrypto, SyncProofCrypto } from '../crypto.ts';
import { ProofError } from '../errors.ts';
import type { NoteSignature } from '../note.ts';
import { assertFresh, type Freshness } from './freshness.ts';
import { type LedgerHead, parseLedgerBody } from './ledger-body.ts';
import type { Policy, Witness } from './policy.ts';
import { assertQuorum } from './quorum.ts';

/** One Ed25519 check that is still to be made, wherever the caller makes them. */
export interface CosignatureJob {
  readonly witness: Witness;
  /** Unix seconds. */
  readonly time: number;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** A checkpoint that a quorum cosigned. */
export interface VerifiedCheckpoint extends LedgerHead {
  /** Unix seconds: a quorum stood by it then or later. */
  readonly time: number;
  /** SHA-256 of the checkpoint body; receipts refer to it. */
  readonly hash: Uint8Array;
}

/** As many as a receipt can hold. */
const MAX_SIGNATURES = 64;

/** The lines of a note that are cosignatures of this policy's witnesses. @throws ProofError cosignature_malformed */
export function cosignaturesOf(policy: Policy, signatures: readonly NoteSignature[]): Cosignature[] {
  return signatures
    .filter((line) =>
      policy.witnesses.some(({ keyName, keyId }) => keyName === line.name && sameBytes(keyId, line.keyId)),
    )
    .map(parseCosignature);
}

/**
 * The checks that a cosigned body needs. Signatures of unknown keys are left out.
 * @throws ProofError checkpoint_malformed, checkpoint_wrong_origin, cosignature_malformed (too many, time),
 * cosignature_duplicate (one witness twice, or one key under two names)
 */
export function cosignatureJobs(
  policy: Policy,
  body: string,
  signatures: readonly Cosignature[],
): CosignatureJob[] {
  return open(policy, body, signatures).jobs;
}

function open(
  policy: Policy,
  body: string,
  signatures: readonly Cosignature[],
): { head: LedgerHead; jobs: CosignatureJob[] } {
  const head = parseLedgerBody(body);
  if (head.origin !== policy.origin) {
    throw new ProofError('checkpoint_wrong_origin', 'checkpoint: of another ledger');
  }
  if (signatures.length > MAX_SIGNATURES) {
    throw new ProofError('cosignature_malformed', `cosignature: more than ${MAX_SIGNATURES}`);
  }
  if (!signatures.every(({ time }) => Number.isSafeInteger(time) && time >= 0)) {
    throw new ProofError('cosignature_malformed', 'cosignature: time is out of range');
  }
  const jobs = signatures.flatMap(({ keyId, time, signature }) => {
    const witness = policy.witnesses.find((candidate) => sameBytes(candidate.keyId, keyId));
    if (!witness) return [];
    const message = cosignatureMessage(body, time);
    return [{ witness, time, publicKey: witness.publicKey, message, signature }];
  });
  const repeated = jobs.some(({ publicKey }, i) =>
    jobs.slice(0, i).some((earlier) => sameBytes(earlier.publicKey, publicKey)),
  );
  if (repeated) throw new ProofError('cosignature_duplicate', 'cosignature: one witness signed twice');
  return { head, jobs };
}

/**
 * Checks a checkpoint body against a policy. Every cosignature of a known witness must verify.
 * Our witnesses execute the ledger themselves before they sign, so the `state` line is vouched for too.
 * @throws ProofError as {@link cosignatureJobs}; cosignature_invalid, quorum_not_met, checkpoint_stale,
 * checkpoint_from_future
 */
export async function verifyCosignedBody(
  policy: Policy,
  body: string,
  signatures: readonly Cosignature[],
  { sha256, verifyEd25519 }: ProofCrypto,
  freshness?: Freshness,
): Promise<VerifiedCheckpoint> {
  const { head, jobs } = open(policy, body, signatures);
  const results = await Promise.all(
    jobs.map(({ publicKey, message, signature }) => verifyEd25519(publicKey, message, signature)),
  );
  const time = settle(policy, jobs, results, freshness);
  return { ...head, time, hash: sha256(new TextEncoder().encode(body)) };
}

/** {@link verifyCosignedBody} for where nothing may be awaited. */
export function verifyCosignedBodySync(
  policy: Policy,
  body: string,
  signatures: readonly Cosignature[],
  { sha256, verifyEd25519 }: SyncProofCrypto,
  freshness?: Freshness,
): VerifiedCheckpoint {
  const { head, jobs } = open(policy, body, signatures);
  const results = jobs.map(({ publicKey, message, signature }) =>
    verifyEd25519(publicKey, message, signature),
  );
  const time = settle(policy, jobs, results, freshness);
  return { ...head, time, hash: sha256(new TextEncoder().encode(body)) };
}

/** The time of the quorum, once each job has its answer. */
function settle(
  policy: Policy,
  jobs: readonly CosignatureJob[],
  results: readonly boolean[],
  freshness: Freshness | undefined,
): number {
  // `=== true`: a port that answers with a promise in the wrong place must not pass for a yes.
  if (!results.every((result) => result === true)) {
    throw new ProofError('cosignature_invalid', 'cosignature: a witness did not sign this');
  }
  const { time } = assertQuorum(policy, jobs);
  if (freshness) assertFresh(time, freshness);
  return time;
}
