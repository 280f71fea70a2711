import type { Bytes, StoreReader } from '@attestel/core';
import { keyHash } from '@attestel/proof';
import { sha256 } from '../sha256.ts';
import { stateKey } from '../state/module-state.ts';
import type { Overlay } from '../store/overlay.ts';
import { TABLES } from '../tables.ts';
import type { ProvenPath } from '../trie/prove-path.ts';
import { KEPT_VERSIONS, type StateTrie } from '../trie/state-trie.ts';

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
  /** What each block overwrote, newest last. */
  readonly #overwritten: Map<string, Bytes | undefined>[] = [];
  /** While a block commits, the store may already hold what it writes, and the head is still the one before. */
  #isStaged = false;

  constructor(reader: StoreReader, trie: StateTrie) {
    this.#reader = reader;
    this.#trie = trie;
  }

  /** Remembers what a block is about to overwrite; directly before its transaction. */
  stage(writes: Overlay): void {
    const before = new Map<string, Bytes | undefined>();
    for (const [table, key] of writes.changes()) {
      if (table === TABLES.state) before.set(nameOf(key), this.#reader.get(TABLES.state, key));
    }
    this.#isStaged = true;
    this.#overwritten.push(before);
    if (this.#overwritten.length > KEPT_VERSIONS + 1) this.#overwritten.shift();
  }

  /** The staged block is the head now. */
  settle(): void {
    this.#isStaged = false;
  }

  /** @throws RangeError when that version is not kept any more */
  prove(module: string, key: string, blocksBack: number): ProvenState {
    const path = this.#trie.prove(keyHash(sha256, module, key), blocksBack);
    return { path, value: path.end.kind === 'own' ? this.#valueAt(module, key, blocksBack) : undefined };
  }

  #valueAt(module: string, key: string, blocksBack: number): Bytes | undefined {
    const stored = stateKey(module, key);
    const name = nameOf(stored);
    const count = blocksBack + (this.#isStaged ? 1 : 0);
    const newer = count === 0 ? [] : this.#overwritten.slice(-count);
    const found = newer.find((block) => block.has(name));
    return found ? found.get(name) : this.#reader.get(TABLES.state, stored);
  }
}

const nameOf = (key: Bytes): string => Buffer.from(key).toString('latin1');
