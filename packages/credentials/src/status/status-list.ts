import { deflateSync, inflateSync } from 'node:zlib';
import { type Bytes, toBase64url } from '@attestel/core';
import { fail } from '../errors.ts';
import { decodeBytes } from '../jose/codec.ts';
import { decodeBase64url } from '../jose/node-base64url.ts';

/** Status types (Token Status List §7.1); 3 is Attestel's own in the application-specific range. */
export const STATUS = { valid: 0, invalid: 1, suspended: 2, simChanged: 3 } as const;

export type StatusBits = 1 | 2 | 4 | 8;

/** A status list in memory (§4.1): `bits` per entry, lowest bits of a byte first. */
export interface StatusList {
  readonly bits: StatusBits;
  readonly size: number;
  readonly bytes: Bytes;
}

/** The `status_list` claim (§4.2). */
export interface EncodedStatusList {
  readonly bits: StatusBits;
  readonly lst: string;
}

/** Lists of the width and size Attestel makes are 256 KiB; nobody needs more than 8 MiB. */
export const MAX_LIST_BYTES = 8 * 1024 * 1024;

/** All entries valid. */
export function createStatusList(options: { size: number; bits?: StatusBits }): StatusList {
  const { size, bits = 2 } = options;
  const length = Math.ceil((size * bits) / 8);
  if (!Number.isSafeInteger(size) || size < 1 || length > MAX_LIST_BYTES)
    throw new TypeError('status list size');
  return { bits, size: (length * 8) / bits, bytes: new Uint8Array(length) };
}

/** @throws RangeError outside the list */
export function getStatus(list: StatusList, index: number): number {
  const { byte, shift, mask } = locate(list, index);
  return ((list.bytes[byte] as number) >> shift) & mask;
}

/** @throws RangeError outside the list or when the value does not fit its width */
export function setStatus(list: StatusList, index: number, status: number): void {
  const { byte, shift, mask } = locate(list, index);
  if (!Number.isSafeInteger(status) || status < 0 || status > mask) throw new RangeError('status value');
  list.bytes[byte] = ((list.bytes[byte] as number) & ~(mask << shift)) | (status << shift);
}

/** DEFLATE in ZLIB format, highest compression (§4.1). */
export function encodeStatusList(list: StatusList): EncodedStatusList {
  return { bits: list.bits, lst: toBase64url(deflateSync(list.bytes, { level: 9 })) };
}

/** Decodes a hostile `status_list` claim; inflates into `maxBytes` at most. */
export function decodeStatusList(encoded: unknown, maxBytes: number = MAX_LIST_BYTES): StatusList {
  const { bits, lst } = (typeof encoded === 'object' && encoded !== null ? encoded : {}) as Record<
    string,
    unknown
  >;
  if (bits !== 1 && bits !== 2 && bits !== 4 && bits !== 8) throw fail('status_list_malformed');
  if (typeof lst !== 'string' || lst === '') throw fail('status_list_malformed');
  const bytes = inflateBounded(decodeBytes(lst, decodeBase64url), maxBytes);
  return { bits, size: (bytes.length * 8) / bits, bytes };
}

function inflateBounded(compressed: Bytes, maxBytes: number): Bytes {
  let result: { buffer: Buffer; engine: { bytesWritten: number } };
  try {
    // Node stops inflating at the bound: a small token cannot fill the memory.
    result = inflateSync(compressed, { maxOutputLength: maxBytes, info: true }) as unknown as typeof result;
  } catch (cause) {
    const tooLarge = (cause as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
    throw fail(tooLarge ? 'status_list_too_large' : 'status_list_malformed');
  }
  // Bytes after the stream would be ignored by the decoder; one list has one spelling.
  if (result.engine.bytesWritten !== compressed.length) throw fail('status_list_malformed');
  if (result.buffer.length === 0) throw fail('status_list_malformed');
  return result.buffer;
}

function locate(list: StatusList, index: number): { byte: number; shift: number; mask: number } {
  if (!Number.isSafeInteger(index) || index < 0 || index >= list.size) throw new RangeError('status index');
  const bit = index * list.bits;
  return { byte: Math.floor(bit / 8), shift: bit % 8, mask: (1 << list.bits) - 1 };
}
