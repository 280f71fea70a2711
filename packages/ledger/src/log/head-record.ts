import { type Bytes, type CborValue, decodeCbor, encodeCbor, type StoreReader, utf8 } from '@attestel/core';
import type { FrontierState } from '@attestel/proof';
import { fail } from '../errors.ts';
import { TABLES, u64 } from '../tables.ts';

const FORMAT = 3;
const HEAD_KEY = utf8('head');

/** The head of a ledger as its store keeps it: all that is needed to go on. */
export interface HeadRecord {
  readonly network: string;
  readonly origin: string;
  readonly height: number;
  readonly timeMs: number;
  readonly frontier: FrontierState;
  /** Root of the state trie. */
  readonly state: Bytes;
  /** Checkpoint of this head as a C2SP signed note; empty while nobody has signed it. */
  readonly checkpoint: string;
}

/** What the store remembers of each block besides its entries. */
export interface BlockRecord {
  readonly timeMs: number;
  /** Index of the block's first entry. */
  readonly from: number;
  /** Log size after the block. */
  readonly size: number;
  readonly checkpoint: string;
}

export const headKey = HEAD_KEY;

export const encodeHead = ({ frontier, ...head }: HeadRecord): Bytes =>
  encodeCbor({ format: FORMAT, ...head, size: frontier.size, hashes: frontier.hashes });

export const encodeBlock = (block: BlockRecord): Bytes => encodeCbor({ ...block });

/** Undefined in an empty store. @throws AppError store_damaged, store_mismatch */
export function readHead(reader: StoreReader): HeadRecord | undefined {
  const bytes = reader.get(TABLES.meta, HEAD_KEY);
  if (bytes === undefined) return undefined;
  const { format, network, origin, height, timeMs, size, hashes, state, checkpoint } = fieldsOf(bytes);
  if (format !== FORMAT) throw fail('store_mismatch', { field: 'format' });
  return {
    network: network as string,
    origin: origin as string,
    height: height as number,
    timeMs: timeMs as number,
    frontier: { size: size as number, hashes: hashes as readonly Bytes[] },
    state: state as Bytes,
    checkpoint: checkpoint as string,
  };
}

/** @throws AppError store_damaged when the bytes are no record */
export function readBlock(reader: StoreReader, height: number): BlockRecord | undefined {
  const bytes = reader.get(TABLES.blocks, u64(height));
  return bytes && (fieldsOf(bytes) as unknown as BlockRecord);
}

function fieldsOf(bytes: Bytes): Readonly<Record<string, CborValue>> {
  try {
    return decodeCbor(bytes) as Readonly<Record<string, CborValue>>;
  } catch (cause) {
    throw fail('store_damaged', { cause });
  }
}
