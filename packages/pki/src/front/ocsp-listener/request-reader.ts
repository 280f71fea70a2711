import type { Bytes } from '@attestel/core';
import { isRefusal, type Refusal, type RequestHead, RequestHeadReader } from './request-head.ts';

/** Octets of the head of a request, with the empty line after it. */
export const MAX_HEAD_BYTES = 8192;

export type Read =
  | { readonly kind: 'incomplete' }
  /** The client waits to be told that it may send its content. */
  | { readonly kind: 'continue' }
  | { readonly kind: 'request'; readonly head: RequestHead; readonly body: Bytes }
  /** Nothing after it can be read. */
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Heads up to here are remembered, one for each connection. */
const MAX_KNOWN_HEAD_BYTES = 512;

/** Empty lines before a request, which some clients send after a content (RFC 9112 §2.2). */
const MAX_BLANKS = 2;

const LF = 0x0a;
const CR = 0x0d;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Requests out of the bytes of a connection. What comes out depends on the bytes alone, not on the pieces they come in: every
 * line is judged when it is whole, in order, and the first fault decides.
 */
export class RequestReader {
  private readonly path: string;
  private bytes = NOTHING;
  /** Where the message that is being read begins, its present line, and what was not yet searched for the line's end. */
  private start = 0;
  private line = 0;
  private searched = 0;
  private lines: RequestHeadReader;
  private head: RequestHead | undefined;
  private known: { readonly bytes: Buffer; readonly head: RequestHead } | undefined;
  private isTold = false;
  private blanks = 0;
  private refusal: Refusal | undefined;

  constructor(path: string) {
    this.path = path;
    this.lines = new RequestHeadReader(path);
  }

  /** Nothing of another request has come. */
  get isEmpty(): boolean {
    return this.head === undefined && this.start === this.bytes.length;
  }

  /** Bytes are there that were not looked at. */
  get hasMore(): boolean {
    return this.searched < this.bytes.length;
  }

  push(chunk: Buffer): void {
    const { start } = this;
    if (start === this.bytes.length) this.bytes = chunk;
    else this.bytes = Buffer.concat([this.bytes.subarray(start), chunk]);
    this.start = 0;
    this.line -= start;
    this.searched -= start;
  }

  /** What the bytes so far amount to. After a refusal, that refusal. */
  next(): Read {
    if (!this.head && !this.refusal && !this.takeKnownHead()) this.readHead();
    if (this.refusal) return { kind: 'refused', refusal: this.refusal };
    const { head } = this;
    if (!head) return INCOMPLETE;
    if (head.expectsContinue && !this.isTold) {
      this.isTold = true;
      return { kind: 'continue' };
    }
    return this.readBody(head);
  }

  /** The octets of the head before say again what they said: on a kept connection most do, and judging lines costs most. */
  private takeKnownHead(): boolean {
    const { known, start, bytes } = this;
    if (!known || this.searched !== start || this.lines.hasBegun) return false;
    const end = start + known.bytes.length;
    if (end > bytes.length || known.bytes.compare(bytes, start, end) !== 0) return false;
    this.head = known.head;
    this.start = end;
    this.line = end;
    this.searched = end;
    return true;
  }

  /** Goes on until there is a head, a refusal, or no whole line any more. */
  private readHead(): void {
    while (!this.head && !this.refusal) {
      const end = this.bytes.indexOf(LF, this.searched);
      if ((end < 0 ? this.bytes.length : end) - this.start >= MAX_HEAD_BYTES) {
        this.refusal = { status: this.lines.hasBegun ? 431 : 414 };
      } else if (end < 0) {
        this.searched = this.bytes.length;
        return;
      } else this.takeLine(end);
    }
  }

  private takeLine(end: number): void {
    const { line } = this;
    this.line = end + 1;
    this.searched = end + 1;
    // RFC 9112 §2.2 lets servers take a lone line feed; others would then read other lines than we do.
    if (end === line || this.bytes[end - 1] !== CR) this.refusal = { status: 400 };
    else if (end - 1 > line) this.refusal = this.lines.take(this.bytes.toString('latin1', line, end - 1));
    else {
      const from = this.start;
      this.start = this.line;
      if (this.lines.hasBegun) this.finishHead(from);
      else if (++this.blanks > MAX_BLANKS) this.refusal = { status: 400 };
    }
  }

  private finishHead(from: number): void {
    const outcome = this.lines.finish();
    if (isRefusal(outcome)) this.refusal = outcome;
    else this.head = outcome;
    if (!this.head || this.start - from > MAX_KNOWN_HEAD_BYTES) return;
    // A copy: the connection's bytes are let go of when they are answered.
    this.known = { bytes: Buffer.from(this.bytes.subarray(from, this.start)), head: this.head };
  }

  private readBody(head: RequestHead): Read {
    const end = this.start + head.length;
    if (end > this.bytes.length) {
      this.searched = this.bytes.length;
      return INCOMPLETE;
    }
    const body = this.bytes.subarray(this.start, end);
    const isAll = end === this.bytes.length;
    // Nothing is kept for the sake of what was answered.
    if (isAll) this.bytes = NOTHING;
    this.start = isAll ? 0 : end;
    this.line = this.start;
    this.searched = this.start;
    this.head = undefined;
    this.isTold = false;
    this.blanks = 0;
    if (this.lines.hasBegun) this.lines = new RequestHeadReader(this.path);
    return { kind: 'request', head, body };
  }
}

const INCOMPLETE: Read = { kind: 'incomplete' };
