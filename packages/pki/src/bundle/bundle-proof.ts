import { type Bytes, type CborValue, decodeCbor, encodeCbor } from '@attestel/core';
import { type LedgerTrust, verifyState } from '@attestel/did/verify';
import { createProvingReads, type ProofSource } from '@attestel/ledger';
import { anchors, PKI_MODULE, type PkiState, relations } from '../state/records.ts';
import { fail } from './errors.ts';
import { type BundleMembers, type BundleName, bundleOf, type TrustBundle } from './trust-bundle.ts';

/** What a bundle is made of, with receipts of every state key: whoever has it can make the bundle of any time. */
export interface BundleProof {
  readonly members: BundleMembers;
  /** Of one checkpoint, which the first brings along; the first is about the version of the trust list. */
  readonly receipts: readonly Bytes[];
}

const VERSION = 1;
const ID_BYTES = 32;
const MAX_RECEIPTS = 512;
export const MAX_BUNDLE_BYTES = 4 * 1024 * 1024;
/** Key of the version of the trust list. */
const TRUST_VERSION = 'trust-version';

/** As of the newest checkpoint that a quorum has cosigned. @throws AppError proof_unavailable, bundle_too_large */
export function proveBundle(proofs: ProofSource, members: BundleMembers): BundleProof {
  const keys = [
    TRUST_VERSION,
    ...members.anchors.map((id) => anchors.key(id)),
    ...members.relations.map((id) => relations.key(id)),
  ];
  if (keys.length > MAX_RECEIPTS) throw fail('bundle_too_large');
  const proving = createProvingReads(proofs, 'full');
  const state = proving.read(PKI_MODULE);
  for (const key of keys) state.get(key);
  return { members, receipts: proving.receipts() };
}

/** CBOR `[1, [anchor, …], [relation, …], [receipt, …]]`. */
export const encodeBundleProof = ({ members, receipts }: BundleProof): Bytes =>
  encodeCbor([VERSION, members.anchors, members.relations, receipts]);

/** Parses hostile bytes. @throws AppError bundle_malformed */
export function decodeBundleProof(bytes: Bytes): BundleProof {
  if (bytes.length > MAX_BUNDLE_BYTES) throw fail('bundle_malformed', { field: 'length' });
  let value: CborValue;
  try {
    value = decodeCbor(bytes);
  } catch (cause) {
    throw fail('bundle_malformed', { cause });
  }
  const [version, anchorIds, relationIds, receipts] = isList(value) && value.length === 4 ? value : [];
  if (version !== VERSION) throw fail('bundle_malformed', { field: 'version' });
  return {
    members: { anchors: listOf(anchorIds, isId), relations: listOf(relationIds, isId) },
    receipts: listOf(receipts, isBytes),
  };
}

const isList = (value: CborValue | undefined): value is readonly CborValue[] => Array.isArray(value);
const isBytes = (value: CborValue): value is Bytes => value instanceof Uint8Array;
const isId = (value: CborValue): value is Bytes => isBytes(value) && value.length === ID_BYTES;

function listOf(value: CborValue | undefined, is: (item: CborValue) => item is Bytes): readonly Bytes[] {
  if (!isList(value) || value.length > MAX_RECEIPTS || !value.every(is)) throw fail('bundle_malformed');
  return value;
}

/** State that receipts proved. */
export interface ProvenTrust {
  /** Of the quorum that stood by it last: what happened later is in none of it. Unix seconds. */
  readonly checkpointTime: number;
  /** Who is trusted at a time, as far as was known then. */
  at(time: number): TrustBundle;
}

/**
 * Believes no node: a bundle is made here, by the ledger's rules, over proven state. What a node leaves out is not
 * trusted, and that is all it can do. Its age is bounded by `trust.maxAgeSeconds`.
 * @throws AppError of kind proof-failed: codes of package proof, receipt_wrong_subject, proof_incomplete, proof_mixed
 */
export async function verifyBundleProof(
  name: BundleName,
  { members, receipts }: BundleProof,
  trust: LedgerTrust,
): Promise<ProvenTrust> {
  const { policy, crypto, cache, maxAgeSeconds } = trust;
  const state = await verifyState(receipts, {
    ...{ policy, crypto, cache, maxAgeSeconds, now: trust.now() },
    expect: { module: PKI_MODULE, key: TRUST_VERSION },
  });
  const proven: PkiState = state.read(PKI_MODULE);
  // Each is read once now, so that what is missing is missed here and not in the middle of a connection.
  const own = (time: number): TrustBundle => bundleOf(proven, { name, members, at: time });
  for (const id of members.anchors) anchors.get(proven, id);
  for (const id of members.relations) relations.get(proven, id);
  return { checkpointTime: state.time, at: own };
}
