import type { Bytes } from '@attestel/core';

/**
 * Room for small byte strings side by side in pieces of memory: the engine keeps books about every piece, so that one
 * for each string costs more than what goes into it, when it is made and again when it is collected. Whoever holds a
 * string holds its piece: what is kept for long is copied out. A string that would take much of a piece has its own.
 */
export class BytePieces {
  readonly #most: number;
  #size: number;
  #piece = new ArrayBuffer(0);
  #used = 0;

  /** @param most bytes of a piece; the first ones are small, for whoever needs little */
  constructor(most: number) {
    this.#most = most;
    this.#size = Math.min(most, FIRST_BYTES) / 2;
  }

  /** Zeroes, nobody else's. */
  take(length: number): Bytes {
    if (length > this.#most / LEAST_IN_PIECE) return new Uint8Array(length);
    if (this.#used + length > this.#piece.byteLength) {
      this.#size = Math.min(this.#most, Math.max(2 * this.#size, LEAST_IN_PIECE * length));
      this.#piece = new ArrayBuffer(this.#size);
      this.#used = 0;
    }
    const room = new Uint8Array(this.#piece, this.#used, length);
    this.#used += length;
    return room;
  }
}

const FIRST_BYTES = 4096;
/** Strings that a piece has room for at least, so that little of it is left over. */
const LEAST_IN_PIECE = 8;
