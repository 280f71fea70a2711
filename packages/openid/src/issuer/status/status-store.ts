import {
  type Bytes,
  concatBytes,
  type Random,
  type StoreReader,
  type StoreWriter,
  utf8,
} from '@attestel/core';
import { jsonTable } from '../storage/json-table.ts';
import { prefixRange, readUint32, uint32 } from '../storage/keys.ts';

/** A status list as stored; its URI is `<issuer>/status-lists/<no>`. */
export interface StatusListInfo {
  readonly no: number;
  readonly size: number;
  readonly allocated: number;
}

/** Place of one copy in one list. */
export interface StatusIndex {
  readonly list: number;
  readonly index: number;
}

const LISTS = jsonTable<StatusListInfo>('issuer/status-lists');
/** One bit per index given out, in chunks, so that an issuance rewrites a few small rows. */
const TAKEN = 'issuer/status-taken';
/** Two bits per index; a chunk that was never written is all valid. */
const VALUES = 'issuer/status-values';
const CHUNK = 512;

/** The next list stands before this share of the current one is given out, so verifiers hold it early. */
const ANNOUNCE_NEXT_AT = 0.4;
/** Beyond this share free indices get hard to hit, and a guess about a neighbour gets easy. */
const LEAVE_AT = 0.75;

export const statusLists = (reader: StoreReader): StatusListInfo[] =>
  [...LISTS.range(reader)].map(([, info]) => info);

export const statusList = (reader: StoreReader, no: number): StatusListInfo | undefined =>
  LISTS.get(reader, uint32(no));

/** Makes sure there is a list to allocate from. Sizes of existing lists never change. */
export function ensureStatusList(writer: StoreWriter, size: number): void {
  if (statusLists(writer).every(isLeft)) addList(writer, size);
}

/**
 * Takes unpredictable free indices (Token Status List §13.2: unlinkable, no order of issuance).
 * Taken for ever: an index is never given to a second copy.
 */
export function allocateIndices(
  writer: StoreWriter,
  count: number,
  options: { random: Random; size: number },
): StatusIndex[] {
  const taken: StatusIndex[] = [];
  let list = currentList(writer, options.size);
  while (taken.length < count) {
    const wanted = Math.min(count - taken.length, Math.ceil(LEAVE_AT * list.size) - list.allocated);
    const indices = takeIndices(writer, list, wanted, options.random);
    taken.push(...indices.map((index) => ({ list: list.no, index })));
    list = { ...list, allocated: list.allocated + wanted };
    LISTS.put(writer, uint32(list.no), list);
    if (isLeft(list) && taken.length < count) list = currentList(writer, options.size);
  }
  const isLast = statusList(writer, list.no + 1) === undefined;
  if (isLast && list.allocated >= ANNOUNCE_NEXT_AT * list.size) addList(writer, options.size);
  return taken;
}

const isLeft = (list: StatusListInfo): boolean => list.allocated >= LEAVE_AT * list.size;

function currentList(writer: StoreWriter, size: number): StatusListInfo {
  return statusLists(writer).find((list) => !isLeft(list)) ?? addList(writer, size);
}

function addList(writer: StoreWriter, size: number): StatusListInfo {
  const info = { no: statusLists(writer).length + 1, size, allocated: 0 };
  LISTS.put(writer, uint32(info.no), info);
  return info;
}

function takeIndices(writer: StoreWriter, list: StatusListInfo, count: number, random: Random): number[] {
  const taken: number[] = [];
  // One draw for all: each costs as much as a hundred bytes more.
  for (let draw = drawUint32s(random, count); taken.length < count; draw = drawUint32s(random, count)) {
    for (const value of draw) {
      // Sizes are powers of two, so the mask leaves no bias.
      const index = value & (list.size - 1);
      if (taken.length < count && takeIndex(writer, list.no, index)) taken.push(index);
    }
  }
  return taken;
}

function drawUint32s(random: Random, count: number): number[] {
  const bytes = random.bytes(4 * count);
  return Array.from({ length: count }, (_, i) => readUint32(bytes, 4 * i));
}

/** @returns false when it was taken before */
function takeIndex(writer: StoreWriter, list: number, index: number): boolean {
  const key = chunkKey(list, index);
  const chunk = writer.get(TAKEN, key) ?? new Uint8Array(CHUNK / 8);
  const bit = index % CHUNK;
  const mask = 1 << (bit % 8);
  const byte = chunk[bit >> 3] as number;
  if ((byte & mask) !== 0) return false;
  const next = chunk.slice();
  next[bit >> 3] = byte | mask;
  writer.put(TAKEN, key, next);
  return true;
}

export function readStatus(reader: StoreReader, at: StatusIndex): number {
  const chunk = reader.get(VALUES, chunkKey(at.list, at.index));
  return chunk === undefined ? 0 : valueIn(chunk, at.index % CHUNK);
}

/** @returns whether anything changed */
export function writeStatus(writer: StoreWriter, at: StatusIndex, value: number): boolean {
  const key = chunkKey(at.list, at.index);
  const chunk = writer.get(VALUES, key)?.slice() ?? new Uint8Array(CHUNK / 4);
  const position = at.index % CHUNK;
  if (valueIn(chunk, position) === value) return false;
  const shift = 2 * (position % 4);
  const byte = chunk[position >> 2] as number;
  chunk[position >> 2] = (byte & ~(3 << shift)) | (value << shift);
  writer.put(VALUES, key, chunk);
  return true;
}

/** Every index of a list whose status is not 0. */
export function* statusValues(reader: StoreReader, no: number): Iterable<readonly [number, number]> {
  for (const [key, chunk] of reader.range(VALUES, prefixRange(listPrefix(no)))) {
    const first = readUint32(key, key.length - 4) * CHUNK;
    for (let i = 0; i < CHUNK; i++) {
      const value = valueIn(chunk, i);
      if (value !== 0) yield [first + i, value];
    }
  }
}

const valueIn = (chunk: Bytes, position: number): number =>
  ((chunk[position >> 2] as number) >> (2 * (position % 4))) & 3;

const listPrefix = (no: number): Bytes => concatBytes(utf8('l'), uint32(no));

const chunkKey = (no: number, index: number): Bytes =>
  concatBytes(listPrefix(no), uint32(Math.floor(index / CHUNK)));
