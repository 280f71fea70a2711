import type { Bytes } from '@attestel/core';

/** Tables of a ledger in its store (specs/ledger.md §4). */
export const TABLES = {
  /** u64 index → leaf bytes */
  entries: 'ledger/entries',
  /** operation id → attachment bytes */
  attachments: 'ledger/attachments',
  /** operation id → u64 index of its leaf */
  operations: 'ledger/operations',
  /** module ‖ 0 ‖ key → CBOR value */
  state: 'ledger/state',
  /** module ‖ 0 ‖ what a row of the state is found by → key of the row, without the module */
  lookups: 'ledger/lookups',
  /** first 8 bytes of a bucket's range of key hashes → u8 depth ‖ root ‖ leaves of the state trie */
  trie: 'ledger/trie',
  /** u8 level ‖ u64 group → hashes of up to 64 complete subtrees of the log */
  nodes: 'ledger/nodes',
  /** SHA-256 of a checkpoint body → u64 height */
  checkpoints: 'ledger/checkpoints',
  /** u64 height → CBOR {timeMs, from, size, checkpoint} */
  blocks: 'ledger/blocks',
  /** u64 number → CBOR of an alarm: what a log did that stopped its follower */
  alarms: 'ledger/alarms',
  /** `head` → CBOR of the head record */
  meta: 'ledger/meta',
} as const;

const HIGH_WORD = 2 ** 32;

/** Big-endian, so that keys order as numbers do. */
export function u64(value: number): Bytes {
  const bytes = new Uint8Array(8);
  putU32(bytes, 0, Math.floor(value / HIGH_WORD));
  putU32(bytes, 4, value % HIGH_WORD);
  return bytes;
}

/** Without a view: keys are made by the thousand. */
function putU32(bytes: Bytes, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

export const fromU64 = (bytes: Bytes): number =>
  Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0));
