import { type Bytes, equalBytes, type StoreReader } from '@attestel/core';
import { createFrontier, type NodeAt } from '@attestel/proof';
import { emptyRecord } from '../executor/prepare-candidate.ts';
import type { Head, ProofSource } from '../ledger.ts';
import { toHead } from '../log/head.ts';
import { readBlock } from '../log/head-record.ts';
import { decodeLeaf } from '../log/leaf.ts';
import { sha256 } from '../sha256.ts';
import { TABLES, u64 } from '../tables.ts';
import type { Evidence } from './evidence.ts';
import type { SignedHead } from './signed-head.ts';

/** What this node has executed itself. */
export interface OwnHistory {
  readonly store: StoreReader;
  readonly proofs: Pick<ProofSource, 'logNode' | 'consistency'>;
  head(): Head;
}

export type Verdict =
  /** One of the checkpoints of this node's own history. */
  | { readonly kind: 'known' }
  /** Of a longer log: nothing can be said before its entries are here. */
  | { readonly kind: 'ahead' }
  | { readonly kind: 'fault'; readonly evidence: Evidence };

/** Compares a checkpoint that the log signed with what this node has executed. */
export function examineNote(own: OwnHistory, signed: SignedHead): Verdict {
  const head = own.head();
  if (signed.size > head.size) return { kind: 'ahead' };
  if (signed.body === head.body || own.store.get(TABLES.checkpoints, signed.hash)) return { kind: 'known' };
  if (signed.size === 0 && signed.body === toHead(emptyRecord('', signed.origin)).body)
    return { kind: 'known' };
  return { kind: 'fault', evidence: contradiction(own, head, signed) };
}

/** Neither ahead nor ours: the log signed something else for entries that this node has. */
function contradiction({ store, proofs }: OwnHistory, head: Head, signed: SignedHead): Evidence {
  const { size, note } = signed;
  const root = rootAt(proofs.logNode, size);
  if (size < head.size && !equalBytes(root, signed.root)) {
    const path = proofs.consistency(size, head.size);
    return { kind: 'inconsistent', older: note, newer: head.checkpoint, otherRoot: root, path };
  }
  const own = size === head.size ? head.checkpoint : noteEndingAt(store, size);
  if (own !== undefined) return { kind: 'two-checkpoints', first: own, second: note };
  const detail = 'the log signed a checkpoint inside a block';
  return { kind: 'bad-block', note, index: size - 1, reason: 'checkpoint_invalid', detail };
}

/** Root of a log's first entries, from its complete subtrees. */
export function rootAt(nodeAt: NodeAt, size: number): Bytes {
  const hashes: Bytes[] = [];
  let from = 0;
  for (let level = 52; level >= 0; level--) {
    const span = 2 ** level;
    if (Math.floor(size / span) % 2 === 0) continue;
    hashes.push(nodeAt(level, from / span));
    from += span;
  }
  return createFrontier(sha256, { size, hashes }).root();
}

/** The checkpoint of the block that ends at a size; undefined when none does. */
function noteEndingAt(store: StoreReader, size: number): string | undefined {
  const bytes = size > 0 ? store.get(TABLES.entries, u64(size - 1)) : undefined;
  const leaf = bytes && decodeLeaf(bytes);
  return leaf?.kind === 'block' ? readBlock(store, leaf.block.height)?.checkpoint : undefined;
}
