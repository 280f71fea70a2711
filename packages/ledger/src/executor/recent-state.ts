import type { Bytes, StoreReader } from '@attestel/core';
import { keyHash } from '@attestel/proof';
import { sha256 } from '../sha256.ts';
import { stateKey } from '../state/state-key.ts';
import { TABLES } from '../tables.ts';
import type { TrieChange } from '../trie/bucket.ts';
import type { ProvenPath } from '../trie/prove-path.ts';
import { KEPT_VERSIONS, type StateTrie } from '../trie/state-trie.ts';

/** Of overwritten values that history may hold; the two versions before the head are kept in any case. */
const MAX_KEPT_BYTES = 64_000_000;
const MIN_VERSIONS = 2;

/** A change of the state, by its key and as the trie knows it. */
export interface StateChange extends TrieChange {
  /** `module ‖ 0 ‖ key`. */
  readonly key: Bytes;
}

/** What a block overwrote or deleted. Keys that it made are in none: no older version has them to be asked for. */
interface Overwritten {
  readonly values: ReadonlyMap<string, Bytes>;
  readonly bytes: number;
}

export interface ProvenState {
  /** Stored CBOR bytes; undefined when the key is absent. */
  readonly value: Bytes | undefined;
  readonly path: ProvenPath;
}

/**
 * State and paths of the last blocks: a receipt is made from a checkpoint that others have cosigned
 * already, which is a block or two behind the head.
 */
export class RecentState {
  readonly #reader: StoreReader;
  readonly #trie: StateTrie;
  /** Of each block, newest last. */
  readonly #overwritten: Overwritten[] = [];
  #bytes = 0;
  readonly #maxBytes: number;
  /** While a block commits, the store may already hold what it writes, and the head is still the one before. */
  #isStaged = false;

  constructor(reader: StoreReader, trie: StateTrie, maxBytes = MAX_KEPT_BYTES) {
    this.#reader = reader;
    this.#trie = trie;
    this.#maxBytes = maxBytes;
  }

  /**
   * Remembers what a block is about to overwrite; directly before its transaction. `existing`: changes of keys that
   * are there, as the trie knows.
   */
  stage(changes: readonly StateChange[], existing: ReadonlySet<TrieChange>): void {
    const values = new Map<string, Bytes>();
    let bytes = 0;
    for (const change of changes) {
      const { key } = change;
      const before = existing.has(change) ? this.#reader.get(TABLES.state, key) : undefined;
      if (!before) continue;
      // A copy: what is kept for many blocks must not keep the memory that it was read into.
      values.set(nameOf(key), before.slice());
      bytes += key.length + before.length;
    }
    this.#isStaged = true;
    this.#overwritten.push({ values, bytes });
    this.#bytes += bytes;
    while (this.#isTooMuch()) this.#bytes -= this.#overwritten.shift()?.bytes ?? 0;
  }

  /** One more than versions are kept: that of the block that is being written. */
  #isTooMuch(): boolean {
    const { length } = this.#overwritten;
    return length > KEPT_VERSIONS + 1 || (this.#bytes > this.#maxBytes && length > MIN_VERSIONS + 1);
  }

  /** The staged block is the head now. */
  settle(): void {
    this.#isStaged = false;
  }

  /** @throws RangeError when that version is not kept any more */
  prove(module: string, key: string, blocksBack: number): ProvenState {
    const count = blocksBack + (this.#isStaged ? 1 : 0);
    if (count > this.#overwritten.length) throw new RangeError('state: that version is not kept any more');
    const path = this.#trie.prove(keyHash(sha256, module, key), blocksBack);
    return { path, value: path.end.kind === 'own' ? this.#valueAt(module, key, count) : undefined };
  }

  #valueAt(module: string, key: string, count: number): Bytes | undefined {
    const stored = stateKey(module, key);
    if (count === 0) return this.#reader.get(TABLES.state, stored);
    const name = nameOf(stored);
    const found = this.#overwritten.slice(-count).find(({ values }) => values.has(name));
    return found ? found.values.get(name) : this.#reader.get(TABLES.state, stored);
  }
}

const nameOf = (key: Bytes): string => Buffer.from(key).toString('latin1');
