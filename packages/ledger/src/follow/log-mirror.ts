import { type Bytes, fromBase64url, fromUtf8, toHex } from '@attestel/core';
import { isRecord } from '../client/wire-error.ts';
import { fail } from '../errors.ts';
import type { BlockSummary } from '../ledger.ts';
import { MAX_OPERATION_BYTES } from '../operation.ts';
import { decodeBundle, MAX_BUNDLED_BYTES } from '../tiles/bundle.ts';
import { formatTilePath, TILE_WIDTH, type TileAddress } from '../tiles/tile-path.ts';

/**
 * A node that serves a log; any that has it will do. Nothing it says is believed: every method throws
 * `ledger_unreachable` or `answer_invalid` when it does not answer in form and within bounds.
 */
export interface LogMirror {
  readonly url: string;
  /** Newest checkpoint, as a note. */
  checkpoint(): Promise<string>;
  /** Blocks from a height on; at least one. */
  blocks(fromHeight: number): Promise<readonly BlockSummary[]>;
  /** Entries from an index on, at least one, where the log has `size`. */
  entries(from: number, size: number): Promise<readonly Bytes[]>;
  /** Undefined when it is not there. */
  tile(address: TileAddress): Promise<Bytes | undefined>;
  /** Undefined when this node has none. */
  attachment(operationId: Bytes): Promise<Bytes | undefined>;
}

export interface LogMirrorOptions {
  /** Base URL of the node. */
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  /** For one request with its answer; default 10,000. */
  readonly timeoutMilliseconds?: number | undefined;
}

const MAX_NOTE_BYTES = 1 << 18;
const MAX_JSON_BYTES = 16_000_000;
const MAX_BUNDLE_BYTES = TILE_WIDTH * (MAX_BUNDLED_BYTES + 2);
const BLOCKS_AT_ONCE = 100;
const GONE = [404, 410];

export function createLogMirror({ url, fetch, timeoutMilliseconds = 10_000 }: LogMirrorOptions): LogMirror {
  const base = `${url.replace(/\/+$/, '')}/v1/ledger`;
  const get = async (path: string, limit: number): Promise<Bytes | undefined> => {
    try {
      const signal = AbortSignal.timeout(timeoutMilliseconds);
      const response = await fetch(`${base}${path}`, { signal, redirect: 'error' });
      if (GONE.includes(response.status)) {
        await response.body?.cancel();
        return undefined;
      }
      const bytes = await readBounded(response, limit);
      if (!response.ok) throw fail('answer_invalid', { field: path, extra: { status: response.status } });
      return bytes;
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'AppError') throw cause;
      throw fail('ledger_unreachable', { cause });
    }
  };
  const need = async (path: string, limit: number): Promise<Bytes> => {
    const bytes = await get(path, limit);
    if (!bytes) throw fail('answer_invalid', { field: path });
    return bytes;
  };
  return {
    url,
    checkpoint: async () => textOf(await need('/tlog/checkpoint', MAX_NOTE_BYTES)),
    async blocks(fromHeight) {
      const path = `/blocks?from=${fromHeight}&limit=${BLOCKS_AT_ONCE}`;
      return parseBlocks(jsonOf(await need(path, MAX_JSON_BYTES)), fromHeight);
    },
    async entries(from, size) {
      const index = Math.floor(from / TILE_WIDTH);
      const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
      const path = formatTilePath({ level: 'entries', index, width });
      const bundle = await get(`/tlog/tile/${path}`, MAX_BUNDLE_BYTES);
      if (bundle) return bundled(bundle, width).slice(from % TILE_WIDTH);
      // Entries that no bundle can hold are served one by one.
      const listed = `/entries?from=${from}&limit=${width - (from % TILE_WIDTH)}`;
      return parseEntries(jsonOf(await need(listed, MAX_JSON_BYTES)), from);
    },
    tile: (address) => get(`/tlog/tile/${formatTilePath(address)}`, MAX_BUNDLE_BYTES),
    attachment: (operationId) => get(`/attachments/${toHex(operationId)}`, MAX_OPERATION_BYTES),
  };
}

async function readBounded(response: Response, limit: number): Promise<Bytes> {
  const parts: Bytes[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > limit) throw fail('answer_invalid', { detail: 'answer too large' });
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function textOf(bytes: Bytes): string {
  try {
    return fromUtf8(bytes);
  } catch (cause) {
    throw fail('answer_invalid', { cause });
  }
}

function jsonOf(bytes: Bytes): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(textOf(bytes));
    if (isRecord(value)) return value;
  } catch {
    // told below
  }
  throw fail('answer_invalid');
}

function bundled(bytes: Bytes, width: number): readonly Bytes[] {
  const entries = decodeBundle(bytes, width);
  if (!entries) throw fail('answer_invalid', { field: 'bundle' });
  return entries;
}

function parseBlocks({ blocks }: Readonly<Record<string, unknown>>, from: number): BlockSummary[] {
  if (!Array.isArray(blocks) || blocks.length === 0 || blocks.length > BLOCKS_AT_ONCE) {
    throw fail('answer_invalid', { field: 'blocks' });
  }
  return blocks.map((block: unknown, i) => {
    const { height, size, checkpoint } = isRecord(block) ? block : {};
    if (height !== from + i || typeof size !== 'number' || typeof checkpoint !== 'string') {
      throw fail('answer_invalid', { field: 'blocks' });
    }
    return { height, size, checkpoint };
  });
}

function parseEntries({ entries }: Readonly<Record<string, unknown>>, from: number): Bytes[] {
  if (!Array.isArray(entries) || entries.length === 0) throw fail('answer_invalid', { field: 'entries' });
  return entries.map((item: unknown, i) => {
    const { index, entry } = isRecord(item) ? item : {};
    if (index !== from + i || typeof entry !== 'string') throw fail('answer_invalid', { field: 'entries' });
    try {
      return fromBase64url(entry);
    } catch (cause) {
      throw fail('answer_invalid', { cause });
    }
  });
}
