import { type Bytes, fromHex, isAppError } from '@attestel/core';
import { type LedgerTrust, readBounded } from '@attestel/did/verify';
import {
  decodeCertificateProof,
  MAX_PROOF_BYTES,
  type ProvenCheck,
  type Verdict,
  verifyProofOf,
} from '@attestel/pki/verify';
import type { KeptProofs } from './kept-proofs.ts';
import type { Device } from './read-device.ts';

/** What is looked at, in this order; the first that fails is told, the rest is not judged. */
export const STEPS = ['proof', 'published', 'status', 'issuer', 'validity'] as const;
export type Step = (typeof STEPS)[number];

/** Why there is no verdict: nothing to verify, too old, or not what witnesses signed. */
export type ProofProblem = 'missing' | 'stale' | 'wrong';
export type Failure = Exclude<Verdict, 'good'> | ProofProblem;

export interface Outcome {
  readonly device: Device;
  readonly failure: { readonly step: Step; readonly why: Failure } | null;
  /** What the witnesses proved, where they did. */
  readonly proven: ProvenCheck | null;
  /** The proof was fetched for this check; otherwise it is one that this phone holds. */
  readonly isFresh: boolean;
}

export interface CheckPorts {
  readonly fetch: typeof fetch;
  /** Trust in what is fetched now, and in what was kept: they differ by the age they bear. */
  readonly fresh: LedgerTrust;
  readonly kept: LedgerTrust;
  readonly proofs: KeptProofs;
}

const TIMEOUT_MS = 6000;

/** From the ledger's proof alone: no node is believed, and none is needed where a proof is held already. */
export async function checkDevice(device: Device, ports: CheckPorts): Promise<Outcome> {
  const fetched = await fetchProof(device, ports.fetch);
  if (fetched) {
    const outcome = await judge(device, fetched, ports.fresh);
    // Only what held is kept, so that no answer of a bad node takes the place of a good proof.
    if (outcome.proven) ports.proofs.keep({ device, proof: fetched, fetched: ports.fresh.now() });
    return { ...outcome, isFresh: true };
  }
  const kept = ports.proofs.find(device.hash);
  if (kept) return judge(device, kept.proof, ports.kept);
  return { device, failure: { step: 'proof', why: 'missing' }, proven: null, isFresh: false };
}

/** Undefined where no node answers; the certificate itself does not travel. */
async function fetchProof({ hash }: Device, fetchFrom: typeof fetch): Promise<Bytes | undefined> {
  try {
    const response = await fetchFrom(`/v1/pki/certificates/${hash}/proof`, {
      ...{ cache: 'no-store', redirect: 'error', credentials: 'omit' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return response.ok ? await readBounded(response, MAX_PROOF_BYTES) : undefined;
  } catch {
    return undefined;
  }
}

async function judge(device: Device, bytes: Bytes, trust: LedgerTrust): Promise<Outcome> {
  try {
    const proven = await verifyProofOf(fromHex(device.hash), decodeCertificateProof(bytes), trust);
    const failure = failureOf(proven.verdict);
    return { device, failure, proven, isFresh: false };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const why = error.code === 'checkpoint_stale' ? 'stale' : 'wrong';
    return { device, failure: { step: 'proof', why }, proven: null, isFresh: false };
  }
}

const STEP_OF: Readonly<Record<Exclude<Verdict, 'good'>, Step>> = {
  unknown: 'published',
  suspended: 'status',
  revoked: 'status',
  superseded: 'status',
  'anchor-under-notice': 'issuer',
  'anchor-ended': 'issuer',
  'anchor-suspended': 'issuer',
  'batch-suspended': 'issuer',
  'not-yet-valid': 'validity',
  expired: 'validity',
};

const failureOf = (verdict: Verdict): Outcome['failure'] =>
  verdict === 'good' ? null : { step: STEP_OF[verdict], why: verdict };
