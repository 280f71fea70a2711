import { type Bytes, type CborValue, decodeCbor, encodeCbor } from '@attestel/core';
import { type LedgerTrust, type VerifiedState, verifyState } from '@attestel/did/verify';
import { decodeReceipt } from '@attestel/proof';
import { checkCertificate } from '../check-certificate.ts';
import { fail } from '../errors.ts';
import { certificates, PKI_MODULE } from '../state/records.ts';
import type { CheckResult } from '../types.ts';

/** What a node answers of one certificate, with receipts of every state key that the answer was made of. */
export interface CertificateProof {
  /** Of one checkpoint, which the first brings along. */
  readonly receipts: readonly Bytes[];
}

const VERSION = 1;
const MAX_RECEIPTS = 64;
export const MAX_PROOF_BYTES = 256 * 1024;

/** CBOR `[1, [receipt, …]]`. */
export const encodeCertificateProof = ({ receipts }: CertificateProof): Bytes =>
  encodeCbor([VERSION, receipts]);

/** Parses hostile bytes. @throws AppError pki_proof_malformed */
export function decodeCertificateProof(bytes: Bytes): CertificateProof {
  if (bytes.length > MAX_PROOF_BYTES) throw fail('pki_proof_malformed', { field: 'length' });
  let value: CborValue;
  try {
    value = decodeCbor(bytes);
  } catch (cause) {
    throw fail('pki_proof_malformed', { cause });
  }
  const [version, receipts] = isList(value) && value.length === 2 ? value : [];
  if (version !== VERSION) throw fail('pki_proof_malformed', { field: 'version' });
  if (!isList(receipts) || receipts.length > MAX_RECEIPTS || !receipts.every(isBytes)) {
    throw fail('pki_proof_malformed', { field: 'receipts' });
  }
  return { receipts };
}

/**
 * Whether a proof says that the certificate is published: its word, not verified. One of a checkpoint that is older than the
 * publication says no. @throws AppError pki_proof_malformed
 */
export function saysPublished({ receipts: [first] }: CertificateProof): boolean {
  try {
    const receipt = first && decodeReceipt(first);
    return receipt?.kind === 'state' && receipt.path.end.kind === 'own';
  } catch (cause) {
    throw fail('pki_proof_malformed', { field: 'receipts', cause });
  }
}

const isList = (value: CborValue | undefined): value is readonly CborValue[] => Array.isArray(value);
const isBytes = (value: CborValue): value is Bytes => value instanceof Uint8Array;

export interface ProvenCheck extends CheckResult {
  /** Of the checkpoint: what happened later is not in the answer. Unix seconds. */
  readonly checkpointTime: number;
}

/**
 * Answers for a certificate from a proof, offline: the same rules over proven state, never the node's word. Its age is
 * bounded by `trust.maxAgeSeconds`.
 * @param at time that is asked about, unix seconds; default: now. Whoever made the proof has no say in it
 * @throws AppError of kind proof-failed: codes of package proof, receipt_wrong_subject, proof_incomplete, proof_mixed
 */
export async function verifyCertificateProof(
  der: Bytes,
  proof: CertificateProof,
  trust: LedgerTrust,
  at?: number,
): Promise<ProvenCheck> {
  return verifyProofOf(trust.crypto.sha256(der), proof, trust, at);
}

/** The same for whoever has the SHA-256 of the certificate only. @throws what verifyCertificateProof throws */
export async function verifyProofOf(
  hash: Bytes,
  { receipts }: CertificateProof,
  trust: LedgerTrust,
  at?: number,
): Promise<ProvenCheck> {
  const { policy, crypto, cache, maxAgeSeconds } = trust;
  const expect = { module: PKI_MODULE, key: certificates.key(hash) };
  const state: VerifiedState = await verifyState(receipts, {
    ...{ policy, crypto, cache, maxAgeSeconds },
    now: trust.now(),
    expect,
  });
  // A clock that is behind must not hide what a block of a moment ago changed.
  const now = Math.max(trust.now(), state.time);
  return { ...checkCertificate(state.read(PKI_MODULE), hash, at ?? now), checkpointTime: state.time };
}
