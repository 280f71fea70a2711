import { equalBytes } from '@attestel/core';
import type { ServedReceiptOptions } from '@attestel/proof';
import { documentCommitment } from '../document/attachment.ts';
import { templateOf, toDocument } from '../document/document.ts';
import { fail } from '../errors.ts';
import { parseDateTime } from '../resolver/date-time.ts';
import { describeVersion, versionAt } from '../resolver/describe-version.ts';
import { resolutionError } from '../resolver/resolution-error.ts';
import type { Sha256 } from '../sha256-port.ts';
import { DID_MODULE, type DidState, type HeadRecord, headKey, readHead } from '../state/records.ts';
import { formatVersionId, parseVersionId } from '../syntax/version-id.ts';
import type { DidDocument, DidResolution, ResolutionOptions, ResolutionProof } from '../types.ts';
import { sameJson } from './same-json.ts';
import { proofBytes, verifyState } from './verified-reads.ts';

/** Whose word counts, and what was asked for: without both, a proof of something else would do. */
export type VerifyResolutionOptions = Omit<ServedReceiptOptions, 'expect'> &
  Pick<ResolutionOptions, 'versionId' | 'versionTime'>;

interface Claim {
  readonly did: string;
  readonly asked: VerifyResolutionOptions;
  readonly resolution: DidResolution;
  readonly proof: ResolutionProof;
  readonly state: DidState;
}

/**
 * Checks a resolution against the ledger's witnesses (specs/did-mno.md §7.4) and returns it as the proof says it,
 * whoever it came from. Nothing of the JSON counts by itself. An error other than NOT_FOUND states no fact and is
 * returned, with nothing beside it.
 * @throws AppError of kind proof-failed: codes of package proof, and receipt_wrong_subject, proof_missing,
 * proof_malformed, proof_mixed, proof_incomplete, proof_wrong_version, document_mismatch, not_found_disproved,
 * resolution_differs; whatever `fetchCheckpoint` throws
 */
export async function verifyResolution(
  resolution: DidResolution,
  did: string,
  asked: VerifyResolutionOptions,
): Promise<DidResolution> {
  const { error, message } = resolution.didResolutionMetadata;
  if (error !== undefined && error !== 'NOT_FOUND') return resolutionError(error, message);
  const proof = proofOf(resolution);
  const { versionId: _, versionTime: __, ...options } = asked;
  const expect = { module: DID_MODULE, key: headKey(did) };
  const { read, time } = await verifyState(proof.receipts.map(proofBytes), { ...options, expect });
  assertAnswerable(asked, time);
  const state = read(DID_MODULE);
  const claim: Claim = { did, asked, resolution, proof, state };
  const head = readHead(state, did);
  if (error !== undefined) {
    if (head && isThere(claim, head)) throw fail('not_found_disproved');
    return { ...resolutionError(error), didResolutionMetadata: { error, proof: [proof] } };
  }
  if (!head) throw fail('resolution_differs', { field: 'didDocument' });
  return proven(claim, head, versionOf(claim, head));
}

/**
 * An honest resolver answers INVALID_OPTIONS to a version told in two ways, in another form, or of a time still to
 * come: whatever else comes as an answer, no state can show it.
 * @throws AppError proof_wrong_version
 */
function assertAnswerable(
  { versionId, versionTime, now }: VerifyResolutionOptions,
  checkpointTime: number,
): void {
  const isTwice = versionId !== undefined && versionTime !== undefined;
  const isMalformed = versionId !== undefined && parseVersionId(versionId) === undefined;
  const time = versionTime === undefined ? 0 : (parseDateTime(versionTime) ?? Number.POSITIVE_INFINITY);
  // Between checkpoint and clock lies no more than the age that is allowed; without a clock nothing would bound it.
  const isAhead = time > Math.max(checkpointTime, now ?? 0);
  if (isTwice || isMalformed || isAhead) throw fail('proof_wrong_version');
}

function proofOf({ didResolutionMetadata, didDocumentMetadata }: DidResolution): ResolutionProof {
  const [proof] = (didResolutionMetadata.error ? didResolutionMetadata : didDocumentMetadata).proof ?? [];
  if (!proof || proof.receipts.length === 0) throw fail('proof_missing');
  return proof;
}

/** Whether the version asked for exists, so that it cannot be "not found". */
function isThere({ did, asked, state }: Claim, head: HeadRecord): boolean {
  const { versionId, versionTime } = asked;
  if (versionId !== undefined) {
    const version = parseVersionId(versionId)?.version ?? 0;
    if (version < 1 || version > head.version) return false;
    return formatVersionId(version, versionAt(state, did, head, version).operation) === versionId;
  }
  return versionTime === undefined || (parseDateTime(versionTime) ?? -1) >= head.created;
}

/** Number of the version in the answer. @throws AppError proof_wrong_version unless it is the one asked for */
function versionOf({ did, asked, resolution, state }: Claim, head: HeadRecord): number {
  const { versionId = '' } = resolution.didDocumentMetadata;
  const version = parseVersionId(versionId)?.version ?? 0;
  const isAsked = (): boolean => {
    if (asked.versionId !== undefined) return versionId === asked.versionId;
    if (asked.versionTime === undefined) return version === head.version;
    const time = parseDateTime(asked.versionTime) ?? -1;
    const from = versionAt(state, did, head, version).time;
    const until = version < head.version ? versionAt(state, did, head, version + 1).time : undefined;
    return from <= time && (until === undefined || time < until);
  };
  if (version < 1 || version > head.version || !isAsked()) throw fail('proof_wrong_version');
  return version;
}

function proven(claim: Claim, head: HeadRecord, version: number): DidResolution {
  const { did, asked, resolution, proof, state } = claim;
  const { document: commitment } = versionAt(state, did, head, version);
  const document = commitment && provenDocument(claim, commitment, asked.crypto.sha256);
  const described = describeVersion(state, did, { head, version }, document);
  const { proof: _, ...claimed } = resolution.didDocumentMetadata;
  if (!sameJson(claimed, described.didDocumentMetadata)) {
    throw fail('resolution_differs', { field: 'didDocumentMetadata' });
  }
  if (!sameJson(resolution.didDocument, described.didDocument)) {
    throw fail('resolution_differs', { field: 'didDocument' });
  }
  return { ...described, didDocumentMetadata: { ...described.didDocumentMetadata, proof: [proof] } };
}

/** @throws AppError document_mismatch */
function provenDocument(
  { did, resolution, proof }: Claim,
  commitment: Uint8Array,
  sha256: Sha256,
): DidDocument {
  const { didDocument } = resolution;
  if (didDocument === null || proof.salt === undefined) throw fail('document_mismatch');
  const template = templateOf(didDocument, did);
  const opened = documentCommitment({ salt: proofBytes(proof.salt), template }, sha256);
  if (!equalBytes(opened, commitment)) throw fail('document_mismatch');
  return toDocument(template, did);
}
