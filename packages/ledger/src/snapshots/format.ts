import { type Bytes, type CborValue, concatBytes, decodeCbor, encodeCbor } from '@attestel/core';
import { HASH_BYTES } from '@attestel/proof';
import { fail } from '../errors.ts';
import { MAX_VALIDITY_SECONDS } from '../operation.ts';
import { isList } from '../operations/signatures.ts';
import { sha256 } from '../sha256.ts';
import { isKey } from '../store/lmdb-keys.ts';

/**
 * Format 1 of a snapshot: what a node needs to execute the next block and to prove what it serves.
 *
 * - `log`: hashes of all entries of the log, in order. They give its root, and every later proof.
 * - `entries`: entries in full, ascending: those of the last {@link WINDOW_MS} (an operation must be refused when it
 *   comes again while it is still valid), those of block 1 (whose operations may be valid for longer), and those
 *   with an attachment, each with that.
 * - `state`: keys and values of the state, ascending by hash of the key.
 *
 * Each chunk is a CBOR list of its section's name and content. All of it is checked against the one app hash that
 * the engine's light client verified; nothing is taken on trust from the peer that sent it.
 */
export const SNAPSHOT_FORMAT = 1;
/**
 * Longest time in which an operation that was executed could be executed again, and a second for each of the two
 * times that are rounded down to seconds when they are compared.
 */
export const WINDOW_MS = MAX_VALIDITY_SECONDS * 1000 + 2000;
export const CHUNK_BYTES = 4_000_000;
/** The engine takes chunks of 16 MB; one entry with its attachment may lie above the rest of a chunk. */
export const MAX_CHUNK_BYTES = 8_000_000;
export const MAX_CHUNKS = 100_000;

export interface SnapshotEntry {
  readonly index: number;
  readonly leaf: Bytes;
  readonly attachment: Bytes | null;
}

export type SnapshotChunk =
  | { readonly section: 'log'; readonly hashes: readonly Bytes[] }
  | { readonly section: 'entries'; readonly entries: readonly SnapshotEntry[] }
  /** Stored key (`module ‖ 0 ‖ key`) and value. */
  | { readonly section: 'state'; readonly pairs: readonly (readonly [key: Bytes, value: Bytes])[] };

export function encodeChunk(chunk: SnapshotChunk): Bytes {
  if (chunk.section === 'log') return encodeCbor(['log', concatBytes(...chunk.hashes)]);
  if (chunk.section === 'state') return encodeCbor(['state', chunk.pairs.map((pair) => [...pair])]);
  return encodeCbor([
    'entries',
    chunk.entries.map(({ index, leaf, attachment }) => [index, leaf, attachment]),
  ]);
}

/** Parses hostile bytes. @throws AppError snapshot_invalid */
export function decodeChunk(bytes: Bytes): SnapshotChunk {
  const [section, content, ...rest] = listOf(decoded(bytes));
  if (rest.length > 0) throw fail('snapshot_invalid');
  if (section === 'log') return { section, hashes: hashesOf(content) };
  if (section === 'state') return { section, pairs: listOf(content).map(pairOf) };
  if (section === 'entries') return { section, entries: listOf(content).map(entryOf) };
  throw fail('snapshot_invalid');
}

/** Metadata of a snapshot: the hashes of its chunks, so that each is checked when it comes. */
export const encodeChunkHashes = (hashes: readonly Bytes[]): Bytes => concatBytes(...hashes);

/** @throws AppError snapshot_invalid unless there is one for each chunk */
export function decodeChunkHashes(metadata: Bytes, chunks: number): readonly Bytes[] {
  const hashes = hashesOf(metadata);
  if (hashes.length !== chunks || chunks === 0 || chunks > MAX_CHUNKS) throw fail('snapshot_invalid');
  return hashes;
}

/** Identity of a snapshot: equal on every node that made the same. */
export const snapshotHash = (metadata: Bytes): Bytes => sha256(metadata);

function decoded(bytes: Bytes): CborValue {
  try {
    return decodeCbor(bytes);
  } catch {
    throw fail('snapshot_invalid');
  }
}

function listOf(value: CborValue | undefined): readonly CborValue[] {
  if (!isList(value)) throw fail('snapshot_invalid');
  return value;
}

function bytesOf(value: CborValue | undefined): Bytes {
  if (!(value instanceof Uint8Array)) throw fail('snapshot_invalid');
  return new Uint8Array(value);
}

function hashesOf(value: CborValue | undefined): readonly Bytes[] {
  const bytes = bytesOf(value);
  if (bytes.length % HASH_BYTES !== 0) throw fail('snapshot_invalid');
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, i) =>
    bytes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}

function pairOf(value: CborValue): readonly [Bytes, Bytes] {
  const [name, stored, ...rest] = listOf(value);
  const key = bytesOf(name);
  // No state has a longer one, and a store would stop at it.
  if (rest.length > 0 || !isKey(key)) throw fail('snapshot_invalid', { field: 'state' });
  return [key, bytesOf(stored)];
}

function entryOf(value: CborValue): SnapshotEntry {
  const [index, leaf, attachment, ...rest] = listOf(value);
  if (rest.length > 0 || typeof index !== 'number' || index < 0) throw fail('snapshot_invalid');
  return { index, leaf: bytesOf(leaf), attachment: attachment === null ? null : bytesOf(attachment) };
}
