import { type Bytes, decodeCbor, equalBytes, type StoreReader, toHex } from '@attestel/core';
import { bitAt, EMPTY_TRIE, HASH_BYTES, trieLeaf, trieNode } from '@attestel/proof';
import { sha256 } from '../sha256.ts';
import { TABLES } from '../tables.ts';
import { keyHashAt, leafCount, leafHashAt, valueHashAt } from '../trie/bucket.ts';
import { StateTrie } from '../trie/state-trie.ts';
import { decodeBucket } from '../trie/stored-buckets.ts';
import { nameOf, parsed, StoreFault } from './store-fault.ts';

/** Key hash and value hash of one entry of the state: 64 bytes as Latin-1, which orders as bytes do. */
type Pair = string;

/**
 * The state table against the trie's records, and both against the root. The root is computed from the state by its
 * definition, not by the code that keeps the trie up to date. Returns the number of keys. @throws StoreFault
 */
export function checkState(store: StoreReader, root: Bytes): number {
  const pairs = [...pairsOf(store)].sort(byBytes);
  const known = new KnownPairs(store, pairs);
  for (const [prefix, record] of store.range(TABLES.trie)) known.checkBucket(prefix, record);
  known.finish();
  if (!equalBytes(subtreeRoot(pairs, 0, pairs.length, 0), root)) {
    throw new StoreFault(TABLES.meta, 'head', 'its state root is not that of the state');
  }
  const trie = parsed(TABLES.trie, 'records', () => new StateTrie(store));
  if (!equalBytes(trie.root, root))
    throw new StoreFault(TABLES.trie, 'records', 'do not make the state root');
  return pairs.length;
}

function* pairsOf(store: StoreReader): Iterable<Pair> {
  for (const [key, value] of store.range(TABLES.state)) {
    parsed(TABLES.state, nameOf(key), () => decodeCbor(value));
    yield latin1(sha256(key)) + latin1(sha256(value));
  }
}

class KnownPairs {
  readonly #store: StoreReader;
  readonly #pairs: readonly Pair[];
  #at = 0;

  constructor(store: StoreReader, pairs: readonly Pair[]) {
    this.#store = store;
    this.#pairs = pairs;
  }

  checkBucket(prefix: Bytes, record: Bytes): void {
    const at = `bucket ${toHex(prefix)}`;
    const { depth, root, leaves } = parsed(TABLES.trie, at, () => decodeBucket(record));
    const from = this.#at;
    for (let i = 0; i < leafCount(leaves); i++) this.#checkLeaf(leaves, i);
    const isInRange = this.#pairs.slice(from, this.#at).every((pair) => hasPrefix(pair, prefix, depth));
    if (!isInRange) throw new StoreFault(TABLES.trie, at, 'holds a key that lies elsewhere');
    if (!equalBytes(subtreeRoot(this.#pairs, from, this.#at, depth), root)) {
      throw new StoreFault(TABLES.trie, at, 'its root is not that of its leaves');
    }
  }

  finish(): void {
    const pair = this.#pairs[this.#at];
    if (pair !== undefined) throw this.#fault(pair, 'is not in the trie');
  }

  #checkLeaf(leaves: Bytes, i: number): void {
    const [keyHash, valueHash] = [keyHashAt(leaves, i), valueHashAt(leaves, i)];
    const pair = this.#pairs[this.#at];
    const keyOf = pair?.slice(0, HASH_BYTES);
    if (pair === undefined || latin1(keyHash) < (keyOf as string)) {
      throw new StoreFault(TABLES.state, `key hash ${toHex(keyHash)}`, 'is in the trie and not in the state');
    }
    if (latin1(keyHash) !== keyOf) throw this.#fault(pair, 'is not in the trie');
    if (latin1(valueHash) !== pair.slice(HASH_BYTES))
      throw this.#fault(pair, 'has not the value of the trie');
    if (!equalBytes(leafHashAt(leaves, i), trieLeaf(sha256, keyHash, valueHash))) {
      throw new StoreFault(TABLES.trie, `key hash ${toHex(keyHash)}`, 'its leaf hash is not that of its key');
    }
    this.#at += 1;
  }

  /** Looks for the key behind a hash: once, on the way out. */
  #fault(pair: Pair, rule: string): StoreFault {
    for (const [key] of this.#store.range(TABLES.state)) {
      if (latin1(sha256(key)) === pair.slice(0, HASH_BYTES))
        return new StoreFault(TABLES.state, nameOf(key), rule);
    }
    return new StoreFault(TABLES.state, 'a key', rule);
  }
}

/** specs/ledger.md §9, over sorted pairs. */
function subtreeRoot(pairs: readonly Pair[], from: number, to: number, depth: number): Bytes {
  if (from === to) return EMPTY_TRIE;
  if (to - from === 1) return trieLeaf(sha256, ...split(pairs[from] as Pair));
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bitOf(pairs[middle] as Pair, depth) === 0) low = middle + 1;
    else high = middle;
  }
  return trieNode(sha256, subtreeRoot(pairs, from, low, depth + 1), subtreeRoot(pairs, low, to, depth + 1));
}

const bitOf = (pair: Pair, depth: number): number => (pair.charCodeAt(depth >> 3) >> (7 - (depth & 7))) & 1;

const hasPrefix = (pair: Pair, prefix: Bytes, depth: number): boolean =>
  Array.from({ length: depth }, (_, i) => i).every((i) => bitOf(pair, i) === bitAt(prefix, i));

const split = (pair: Pair): [keyHash: Bytes, valueHash: Bytes] => {
  const bytes = new Uint8Array(Buffer.from(pair, 'latin1'));
  return [bytes.subarray(0, HASH_BYTES), bytes.subarray(HASH_BYTES)];
};

const latin1 = (bytes: Bytes): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

const byBytes = (a: Pair, b: Pair): number => (a < b ? -1 : 1);
