import { equalBytes, type StoreReader } from '@attestel/core';
import { HASH_BYTES, parseCheckpoint } from '@attestel/proof';
import { readWitness } from '../executor/witness-record.ts';
import type { Head } from '../ledger.ts';
import { readCometRecord } from '../log/comet-record.ts';
import { toHead } from '../log/head.ts';
import { type HeadRecord, headKey, readBlock, readHead } from '../log/head-record.ts';
import { fromU64, TABLES } from '../tables.ts';
import { parsed, StoreFault } from './store-fault.ts';

/** The head; undefined for a store without any record. @throws StoreFault */
export function checkHead(
  store: StoreReader,
  { network, origin }: { readonly network: string; readonly origin: string },
): HeadRecord | undefined {
  if (!store.get(TABLES.meta, headKey)) {
    // A follower can be alarmed before it has executed anything.
    for (const table of Object.values(TABLES).filter((name) => name !== TABLES.alarms)) {
      for (const _ of store.range(table, { limit: 1 })) {
        throw new StoreFault(TABLES.meta, 'head', `is missing, though there are records in ${table}`);
      }
    }
    return undefined;
  }
  const head = parsed(TABLES.meta, 'head', () => readHead(store)) as HeadRecord;
  if (!isHeadRecord(head)) throw new StoreFault(TABLES.meta, 'head', 'is no record of this table');
  if (head.network !== network) throw new StoreFault(TABLES.meta, 'head', 'is of another network');
  if (head.origin !== origin) throw new StoreFault(TABLES.meta, 'head', 'is of another ledger');
  return head;
}

/** The store's own reader trusts what the store wrote; here nothing is trusted. */
const isHeadRecord = ({ height, timeMs, frontier, state, checkpoint }: HeadRecord): boolean =>
  [height, timeMs, frontier.size].every((n) => typeof n === 'number' && n > 0) &&
  typeof checkpoint === 'string' &&
  isHash(state) &&
  Array.isArray(frontier.hashes) &&
  frontier.hashes.every(isHash);

const isHash = (value: unknown): boolean => value instanceof Uint8Array && value.length === HASH_BYTES;

/** What was signed for the head, and what witness and consensus engine remember. @throws StoreFault */
export function checkRecords(store: StoreReader, record: HeadRecord): Head {
  const head = parsed(TABLES.meta, 'head', () => toHead(record));
  const { checkpoint } = record;
  if (
    checkpoint !== '' &&
    parsed(TABLES.meta, 'head', () => parseCheckpoint(checkpoint)).body !== head.body
  ) {
    throw new StoreFault(TABLES.meta, 'head', 'its checkpoint is of another log or state');
  }
  checkWitness(store, head);
  const comet = parsed(TABLES.meta, 'comet', () => readCometRecord(store));
  if (comet && !(isHash(comet.appHash) && equalBytes(comet.appHash, head.appHash))) {
    throw new StoreFault(TABLES.meta, 'comet', 'the engine was told another app hash than that of the head');
  }
  return head;
}

/** A witness that has signed beyond its store would sign a second history. */
function checkWitness(store: StoreReader, head: Head): void {
  const witness = parsed(TABLES.meta, 'witness', () => readWitness(store));
  if (!witness) return;
  if (!isHash(witness.hash)) throw new StoreFault(TABLES.meta, 'witness', 'is no record of this table');
  const known = store.get(TABLES.checkpoints, witness.hash);
  const block = known && readBlock(store, fromU64(known));
  if (witness.size > head.size) {
    throw new StoreFault(TABLES.meta, 'witness', 'has cosigned a longer log than the store holds');
  }
  if (block?.size !== witness.size) {
    throw new StoreFault(TABLES.meta, 'witness', 'has cosigned what is no checkpoint of this log');
  }
}
