import type { Bytes } from '@attestel/core';

/**
 * DER written from its end: lengths are known when heads are due, and nothing is copied twice. What answers are made of
 * is written thousands of times a second.
 */
export class BackwardDer {
  private readonly memory: Bytes;
  private from: number;
  private to: number;

  /** @param before octets at most to be put before the start, `after` behind it */
  constructor(before: number, after: number) {
    this.memory = new Uint8Array(before + after);
    this.from = before;
    this.to = before;
  }

  /** A mark for {@link wrap}: what is put from now on stands before it. */
  get end(): number {
    return this.from;
  }

  put(bytes: Bytes): this {
    if (bytes.length > this.from) throw new RangeError('DER: no room before');
    this.from -= bytes.length;
    this.memory.set(bytes, this.from);
    return this;
  }

  append(...parts: readonly Bytes[]): void {
    for (const bytes of parts) {
      if (bytes.length > this.memory.length - this.to) throw new RangeError('DER: no room behind');
      this.memory.set(bytes, this.to);
      this.to += bytes.length;
    }
  }

  /** The head of an element whose content goes to the mark, or to the end of everything. */
  wrap(tag: number, end = this.to): this {
    const length = end - this.from;
    if (length < 0x80) this.octet(length);
    else {
      let octets = 0;
      for (let rest = length; rest > 0; rest >>>= 8, octets++) this.octet(rest & 0xff);
      this.octet(0x80 + octets);
    }
    this.octet(tag);
    return this;
  }

  /** A view, which later calls before and behind do not change. */
  bytes(): Bytes {
    return this.memory.subarray(this.from, this.to);
  }

  private octet(value: number): void {
    if (this.from === 0) throw new RangeError('DER: no room before');
    this.from -= 1;
    this.memory[this.from] = value;
  }
}
