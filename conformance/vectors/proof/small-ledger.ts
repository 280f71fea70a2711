import {
  createFrontier,
  formatLedgerBody,
  hashLeaf,
  inclusionProof,
  keyHash,
  nodesOf,
  type TriePath,
  treeRoot,
  triePath,
  trieRoot,
  valueHash,
} from '@attestel/proof';
import { sha256, utf8 } from './keys.ts';
import { ORIGIN } from './network.ts';

// A ledger small enough to be read: 21 log entries, 40 state entries, one checkpoint over both.

export const LEAVES = Array.from({ length: 21 }, (_, i) => utf8(`entry ${i}`));
export const LEAF_HASHES = LEAVES.map((leaf) => hashLeaf(sha256, leaf));
export const nodeAt = nodesOf(sha256, LEAF_HASHES);
export const rootOf = (size: number): Uint8Array => treeRoot(sha256, LEAF_HASHES.slice(0, size));
export const pathOf = (index: number, size = LEAVES.length): Uint8Array[] =>
  inclusionProof(sha256, nodeAt, index, size);

export const MODULE = 'did';
export const keyOf = (i: number): string => `did:example:${i}`;
export const valueOf = (i: number): Uint8Array => utf8(`value ${i}`);
export const hashOfKey = (key: string, module = MODULE): Uint8Array => keyHash(sha256, module, key);
export const ENTRIES = Array.from(
  { length: 40 },
  (_, i) => [hashOfKey(keyOf(i)), valueHash(sha256, valueOf(i))] as const,
);
export const STATE_ROOT = trieRoot(sha256, ENTRIES);
/** Path to an entry that is there. */
export const ownPath = (i: number): TriePath => triePath(sha256, ENTRIES, hashOfKey(keyOf(i)), valueOf(i));
/** Path of a key that is not there. */
export const absentPath = (key: string): TriePath => triePath(sha256, ENTRIES, hashOfKey(key));
/** An absent key whose path ends in the given way. */
export function absentKey(kind: 'other' | 'empty'): string {
  for (let i = 0; ; i++) if (absentPath(`did:example:absent:${i}`).end.kind === kind) return `did:example:absent:${i}`;
}

const frontier = createFrontier(sha256);
for (const leaf of LEAVES) frontier.append(leaf);
export const LEDGER_BODY = formatLedgerBody({
  origin: ORIGIN,
  size: LEAVES.length,
  root: frontier.root(),
  state: STATE_ROOT,
});
