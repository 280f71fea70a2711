import type { Bytes, StoreReader } from '@attestel/core';
import {
  consistencyProof,
  encodeReceipt,
  inclusionProof,
  type ReceiptCheckpoint,
  type TriePath,
} from '@attestel/proof';
import { fail } from '../errors.ts';
import type { Head, ProofSource, ReceiptForm } from '../ledger.ts';
import { readBlock } from '../log/head-record.ts';
import { readNode } from '../log/log-nodes.ts';
import { sha256 } from '../sha256.ts';
import { fromU64, TABLES, u64 } from '../tables.ts';
import { type CheckpointNote, type CheckpointNotes, noteOf } from './checkpoint-notes.ts';
import type { RecentState } from './recent-state.ts';

export interface ProofParts {
  readonly store: StoreReader;
  readonly notes: CheckpointNotes;
  readonly recent: RecentState;
  head(): Head;
}

/** Proofs from the newest trusted checkpoint. */
export function createProofSource({ store, notes, recent, head }: ProofParts): ProofSource {
  const trusted = (): CheckpointNote => {
    const note = notes.newestTrusted();
    if (!note || note.size === 0) throw fail('proof_unavailable');
    return note;
  };
  const nodeAt = (level: number, index: number): Bytes => readNode(store, level, index);
  return {
    stateReceipt(module, key, form) {
      const note = trusted();
      const blocksBack = head().height - note.height;
      const { path, value } = proven(() => recent.prove(module, key, blocksBack));
      const checkpoint = checkpointOf(notes, note, form);
      return encodeReceipt({ kind: 'state', checkpoint, module, key, path: withValue(path, value) });
    },
    eventReceipt(index, form) {
      const note = trusted();
      const leaf = index < note.size ? store.get(TABLES.entries, u64(index)) : undefined;
      if (!leaf) throw fail('proof_unavailable');
      const checkpoint = checkpointOf(notes, note, form);
      const path = inclusionProof(sha256, nodeAt, index, note.size);
      return encodeReceipt({ kind: 'event', checkpoint, index, path, leaf });
    },
    source: trusted, // notes are replaced, never changed
    logNode: nodeAt,
    consistency(from, to) {
      if (to > head().size) throw new RangeError('ledger: the log is shorter');
      return consistencyProof(sha256, nodeAt, from, to);
    },
    checkpoint(hash) {
      const recentNote = notes.get(hash);
      if (recentNote) return noteOf(recentNote) || undefined;
      const height = store.get(TABLES.checkpoints, hash);
      return (height && readBlock(store, fromU64(height))?.checkpoint) || undefined;
    },
  };
}

function checkpointOf(notes: CheckpointNotes, note: CheckpointNote, form: ReceiptForm): ReceiptCheckpoint {
  if (form === 'path') return { form: 'reference', hash: note.hash };
  const signatures = notes.cosignatures(note);
  if (signatures.length === 0) throw fail('proof_unavailable');
  return { form: 'stapled', body: note.body, signatures };
}

/** A checkpoint older than the versions kept. */
function proven<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof RangeError) throw fail('proof_unavailable', { cause });
    throw cause;
  }
}

function withValue(
  { siblings, end }: { siblings: TriePath['siblings']; end: { kind: string } },
  value: Bytes | undefined,
): TriePath {
  if (end.kind !== 'own') return { siblings, end: end as TriePath['end'] };
  if (!value) throw fail('store_damaged', { field: 'state' });
  return { siblings, end: { kind: 'own', value } };
}
