import type { Bytes } from '@attestel/core';
import { fail } from '../errors.ts';

/** One DER element (X.690 §8, §10): tag byte, content, whole encoding. Views, not copies. */
export interface DerElement {
  readonly tag: number;
  readonly content: Bytes;
  readonly bytes: Bytes;
}

/** Views are made when asked for: most of the elements of a certificate are only stepped over. */
class Element implements DerElement {
  readonly tag: number;
  readonly source: Bytes;
  readonly start: number;
  /** Where the content begins. */
  readonly body: number;
  readonly end: number;

  constructor(source: Bytes, start: number, body: number, end: number) {
    this.tag = source[start] as number;
    this.source = source;
    this.start = start;
    this.body = body;
    this.end = end;
  }

  get content(): Bytes {
    return this.source.subarray(this.body, this.end);
  }

  get bytes(): Bytes {
    return this.source.subarray(this.start, this.end);
  }
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Tag byte of context class: constructed holds elements, primitive holds a value. */
export const contextTag = (number: number, constructed = true): number =>
  (constructed ? 0xa0 : 0x80) | number;

/** The one element that fills the bytes. @throws AppError der_* */
export function readDer(bytes: Bytes, tag?: number): DerElement {
  const element = readElement(bytes, 0, bytes.length);
  if (element.end !== bytes.length) throw fail('der_trailing');
  if (tag !== undefined && element.tag !== tag) throw fail('der_structure', { detail: 'tag' });
  return element;
}

/** Elements of constructed content, in order. @throws AppError der_malformed, der_form */
export const elementsOf = (content: Bytes): DerElement[] => elementsFrom(content, 0, content.length);

/** {@link elementsOf} the content of an element, without a view of it. */
export const membersOf = (element: DerElement): DerElement[] =>
  element instanceof Element
    ? elementsFrom(element.source, element.body, element.end)
    : elementsOf(element.content);

function elementsFrom(source: Bytes, from: number, end: number): DerElement[] {
  const out: DerElement[] = [];
  for (let at = from; at < end; ) {
    const element = readElement(source, at, end);
    out.push(element);
    at = element.end;
  }
  return out;
}

/** Takes elements one after the other, as the ASN.1 of a structure lists them. */
export class DerCursor {
  private readonly source: Bytes;
  private at: number;
  private readonly last: number;

  constructor(sequence: DerElement) {
    const inside = sequence instanceof Element ? sequence : undefined;
    this.source = inside?.source ?? sequence.content;
    this.at = inside?.body ?? 0;
    this.last = inside?.end ?? this.source.length;
  }

  get done(): boolean {
    return this.at === this.last;
  }

  /** @throws AppError der_structure unless there is one more element, of this tag */
  next(tag?: number): DerElement {
    if (this.done || (tag !== undefined && this.source[this.at] !== tag)) throw fail('der_structure');
    const element = readElement(this.source, this.at, this.last);
    this.at = element.end;
    return element;
  }

  optional(tag: number): DerElement | undefined {
    return !this.done && this.source[this.at] === tag ? this.next() : undefined;
  }

  /** @throws AppError der_trailing when elements are left over */
  end(): void {
    if (!this.done) throw fail('der_trailing');
  }
}

/** A cursor over the bytes of one SEQUENCE. */
export const sequenceIn = (bytes: Bytes): DerCursor => new DerCursor(readDer(bytes, TAG.sequence));

/** @param last where what the element lies in ends */
function readElement(from: Bytes, at: number, last: number): Element {
  if (at + 2 > last) throw fail('der_malformed');
  const tag = from[at] as number;
  const first = from[at + 1] as number;
  // High tag numbers occur in nothing we read.
  if ((tag & 0x1f) === 0x1f) throw fail('der_malformed');
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const width = first - 0x80;
    if (width === 0) throw fail('der_form', { detail: 'indefinite length' });
    if (width > 4 || start + width > last) throw fail('der_malformed');
    length = 0;
    for (const end = start + width; start < end; start++) length = length * 256 + (from[start] as number);
    // Shortest lengths only (X.690 §10.1).
    if (length < 0x80 || length < 256 ** (width - 1)) throw fail('der_form', { detail: 'long length' });
  }
  const end = start + length;
  if (end > last) throw fail('der_malformed');
  return new Element(from, at, start, end);
}
