import { type Bytes, type CborValue, decodeCbor, encodeCbor, equalBytes } from '@attestel/core';
import { type LedgerTrust, verifyState } from '@attestel/did/verify';
import { createProvingReads, type ProofSource } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import {
  anchors,
  batches,
  certificateCount,
  PKI_MODULE,
  type PkiState,
  trustVersion,
} from '../state/records.ts';
import { readStatusRoot, STATUS_ROOT } from '../state/status-bits.ts';
import { decodeStatusSet, type StatusBits } from './status-set.ts';
import { statusRootOf } from './status-tree.ts';

/** What a node answers to whoever holds the whole status set: the set, and receipts of what binds it. */
export interface StatusProof {
  /** Null where the asker has this set already. */
  readonly set: Bytes | null;
  /** Of one checkpoint, which the first brings along. */
  readonly receipts: readonly Bytes[];
}

/** What stands above certificates decides about them too. */
export interface Under {
  readonly anchors: readonly Bytes[];
  readonly batches: readonly Bytes[];
}

const VERSION = 1;
/** Anchors and batches asked about at once. */
export const MAX_UNDER = 100;
const MAX_RECEIPTS = MAX_UNDER + 3;
/** A thousand million certificates with one in a hundred that is not good take ten. */
export const MAX_STATUS_PROOF_BYTES = 16 * 1024 * 1024;

/**
 * @param setOf the encoded set with a root, as long as it is at hand
 * @param known root of the set that the asker has
 * @throws AppError proof_unavailable, pki_status_set_unavailable
 */
export function proveStatus(
  proofs: ProofSource,
  under: Under,
  { setOf, known }: { readonly setOf: (root: Bytes) => Bytes | undefined; readonly known: Bytes | undefined },
): StatusProof {
  const proving = createProvingReads(proofs, 'full');
  const state = proving.read(PKI_MODULE);
  const root = readStatusRoot(state);
  certificateCount.read(state);
  trustVersion.read(state);
  for (const id of under.anchors) anchors.get(state, id);
  for (const id of under.batches) batches.get(state, id);
  const receipts = proving.receipts();
  if (known && equalBytes(known, root)) return { set: null, receipts };
  const set = setOf(root);
  if (!set) throw fail('pki_status_set_unavailable');
  return { set, receipts };
}

/** CBOR `[1, set or null, [receipt, …]]`. */
export const encodeStatusProof = ({ set, receipts }: StatusProof): Bytes =>
  encodeCbor([VERSION, set, receipts]);

/** Parses hostile bytes. @throws AppError pki_proof_malformed */
export function decodeStatusProof(bytes: Bytes): StatusProof {
  let value: CborValue;
  try {
    value = decodeCbor(bytes);
  } catch (cause) {
    throw fail('pki_proof_malformed', { cause });
  }
  const [version, set, receipts] = isList(value) && value.length === 3 ? value : [];
  if (version !== VERSION) throw fail('pki_proof_malformed', { field: 'version' });
  if (set !== null && !isBytes(set)) throw fail('pki_proof_malformed', { field: 'set' });
  if (!isList(receipts) || receipts.length > MAX_RECEIPTS || !receipts.every(isBytes)) {
    throw fail('pki_proof_malformed', { field: 'receipts' });
  }
  return { set, receipts };
}

const isList = (value: CborValue | undefined): value is readonly CborValue[] => Array.isArray(value);
const isBytes = (value: CborValue | undefined): value is Bytes => value instanceof Uint8Array;

/** A set that the ledger stands by, and when it did. */
export interface ProvenStatus {
  readonly root: Bytes;
  readonly bits: StatusBits;
  /** Of the checkpoint, unix seconds. */
  readonly time: number;
  /** The anchors and batches asked about, and the version of the trust list. */
  readonly state: PkiState;
}

/**
 * Takes nothing from the node that made it: the set must have the root that a quorum's checkpoint has.
 * @param held the set whose root was said to be known
 * @throws AppError of kind proof-failed: codes of package proof, receipt_wrong_subject, proof_incomplete; pki_status_set_invalid
 */
export async function verifyStatusProof(
  { set, receipts }: StatusProof,
  trust: LedgerTrust,
  held?: Pick<ProvenStatus, 'root' | 'bits'>,
): Promise<ProvenStatus> {
  const { policy, crypto, cache, maxAgeSeconds } = trust;
  const expect = { module: PKI_MODULE, key: STATUS_ROOT };
  const { read, time } = await verifyState(receipts, {
    ...{ policy, crypto, cache, maxAgeSeconds, expect },
    now: trust.now(),
  });
  const state = read(PKI_MODULE);
  const root = readStatusRoot(state);
  if (set === null) {
    if (!held || !equalBytes(held.root, root)) throw fail('pki_status_set_invalid', { field: 'known' });
    return { root, bits: held.bits, time, state };
  }
  // Before memory is taken for as many bits as the node says.
  const bits = decodeStatusSet(set, certificateCount.read(state));
  if (!equalBytes(statusRootOf(bits, sha256), root)) throw fail('pki_status_set_invalid', { field: 'root' });
  return { root, bits, time, state };
}
