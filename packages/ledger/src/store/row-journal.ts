import type { Bytes } from '@attestel/core';
import { fail } from '../errors.ts';

/**
 * Journal of rows that are not in their tables yet. A piece is u8 group that is written next after the piece's
 * transaction, then records, one after another: u8 number of the table ‖ u16 length of the key ‖ u32 length of the value,
 * all ones for a deleted row ‖ key ‖ value; integers big-endian.
 */
const FIRST_AT = 1;
const HEAD_BYTES = 7;
const DELETED = 0xffffffff;
/** What LMDB keeps in one page, beside its head: pages side by side are hard to find in a file that is in use. */
const PIECE_BYTES = 4080;

/** A row by the number of its table and its key as Latin-1 text; undefined deletes it. */
export type RowVisitor = (table: number, name: string, value: Bytes | undefined) => void;

export const recordBytes = (name: string, value: Bytes | undefined): number =>
  HEAD_BYTES + name.length + (value?.length ?? 0);

/** Puts records into pieces, as many into each as fit, and at least one. */
export class PieceEncoder {
  readonly #next: number;
  readonly #memory: Buffer;
  readonly #pieces: Bytes[] = [];
  #start = 0;
  #at = 0;

  /** `bytes`: those of all records; `count`: how many. */
  constructor(next: number, bytes: number, count: number) {
    this.#next = next;
    this.#memory = Buffer.alloc(bytes + count * FIRST_AT);
  }

  add(table: number, name: string, value: Bytes | undefined): void {
    const memory = this.#memory;
    if (this.#at > this.#start && this.#at - this.#start + recordBytes(name, value) > PIECE_BYTES)
      this.#end();
    if (this.#at === this.#start) this.#at = memory.writeUInt8(this.#next, this.#at);
    let at = memory.writeUInt8(table, this.#at);
    at = memory.writeUInt16BE(name.length, at);
    at = memory.writeUInt32BE(value ? value.length : DELETED, at);
    at += memory.write(name, at, 'latin1');
    if (value) memory.set(value, at);
    this.#at = at + (value?.length ?? 0);
  }

  finish(): readonly Bytes[] {
    if (this.#at > this.#start) this.#end();
    return this.#pieces;
  }

  #end(): void {
    const { buffer, byteOffset } = this.#memory;
    this.#pieces.push(new Uint8Array(buffer, byteOffset + this.#start, this.#at - this.#start));
    this.#start = this.#at;
  }
}

/** @throws AppError store_damaged */
export function nextGroupOf(piece: Bytes): number {
  const next = piece[0];
  if (next === undefined) throw damaged();
  return next;
}

/** @throws AppError store_damaged */
export function decodePiece(bytes: Bytes, tables: number, visit: RowVisitor): void {
  const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = FIRST_AT; at < piece.length; ) {
    if (at + HEAD_BYTES > piece.length) throw damaged();
    const table = piece.readUInt8(at);
    const length = piece.readUInt32BE(at + 3);
    const keyAt = at + HEAD_BYTES;
    const valueAt = keyAt + piece.readUInt16BE(at + 1);
    at = length === DELETED ? valueAt : valueAt + length;
    if (table >= tables || at > piece.length) throw damaged();
    const value = length === DELETED ? undefined : bytes.subarray(valueAt, at);
    visit(table, piece.toString('latin1', keyAt, valueAt), value);
  }
}

const damaged = () => fail('store_damaged', { field: 'journal' });
