import { type Bytes, toHex } from '@attestel/core';
import { fail } from './errors.ts';

/** One DER element (X.690 §8, §10): tag byte, content, and the whole encoding. */
export interface DerElement {
  readonly tag: number;
  readonly content: Bytes;
  readonly bytes: Bytes;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  context0: 0xa0,
  context3: 0xa3,
} as const;

/** Hostile input: the one element that fills the bytes. @throws AppError certificate_malformed */
export function readDer(bytes: Bytes, tag: number): DerElement {
  const element = readElement(bytes, 0);
  if (element.bytes.length !== bytes.length || element.tag !== tag) throw malformed('element');
  return element;
}

/** Elements of constructed content, in order. */
export function elementsOf(content: Bytes): DerElement[] {
  const out: DerElement[] = [];
  for (let at = 0; at < content.length; ) {
    const element = readElement(content, at);
    out.push(element);
    at += element.bytes.length;
  }
  return out;
}

/** Takes elements one after the other, as the ASN.1 of a structure lists them. */
export class DerCursor {
  private readonly elements: DerElement[];
  private at = 0;

  constructor(sequence: DerElement) {
    this.elements = elementsOf(sequence.content);
  }

  next(tag?: number): DerElement {
    const element = this.elements[this.at++];
    if (!element || (tag !== undefined && element.tag !== tag)) throw malformed('structure');
    return element;
  }

  optional(tag: number): DerElement | undefined {
    return this.elements[this.at]?.tag === tag ? this.elements[this.at++] : undefined;
  }

  end(): void {
    if (this.at !== this.elements.length) throw malformed('structure');
  }
}

/** Only TRUE is ever written: FALSE is the default everywhere we read one (X.690 §11.1, §11.5). */
export function readTrue(element: DerElement): true {
  if (element.content.length !== 1 || element.content[0] !== 0xff) throw malformed('boolean');
  return true;
}

/** Content bytes of an INTEGER in its shortest form (X.690 §8.3.2). */
export function readInteger({ content }: DerElement): Bytes {
  const [first, second = 0] = content;
  if (first === undefined) throw malformed('integer');
  const padded = (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
  if (content.length > 1 && padded) throw malformed('integer');
  return content;
}

/** Text form of an OBJECT IDENTIFIER (X.690 §8.19). Arcs beyond 2^53 do not occur in certificates. */
export function readOid({ content }: DerElement): string {
  const arcs: number[] = [];
  let arc = 0;
  let started = false;
  for (const byte of content) {
    if (!started && byte === 0x80) throw malformed('oid');
    arc = arc * 128 + (byte & 0x7f);
    started = byte >= 0x80;
    if (!Number.isSafeInteger(arc)) throw malformed('oid');
    if (started) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first] = arcs;
  if (started || first === undefined) throw malformed('oid');
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - 40 * root, ...arcs.slice(1)].join('.');
}

/** Bits of a BIT STRING and the number of unused ones, which must be zero (X.690 §11.2.1). */
export function readBits({ content }: DerElement): { bytes: Bytes; unused: number } {
  const [unused] = content;
  const bytes = content.slice(1);
  const last = bytes.at(-1) ?? 0;
  if (unused === undefined || unused > 7 || (bytes.length === 0 && unused > 0)) throw malformed('bit string');
  if ((last & ((1 << unused) - 1)) !== 0) throw malformed('bit string');
  return { bytes, unused };
}

/** A BIT STRING that holds whole bytes, such as a key or a signature. */
export function readBitBytes(element: DerElement): Bytes {
  const { bytes, unused } = readBits(element);
  if (unused !== 0) throw malformed('bit string');
  return bytes;
}

/** Unix seconds of a validity time: UTCTime to 2049, GeneralizedTime after (RFC 5280 §4.1.2.5). */
export function readTime({ tag, content }: DerElement): number {
  const text = String.fromCharCode(...content.slice(0, 16));
  const short = tag === TAG.utcTime;
  if (!short && tag !== TAG.generalizedTime) throw malformed('time');
  const match = (short ? /^(\d{2})(\d{10})Z$/ : /^(\d{4})(\d{10})Z$/).exec(text);
  if (!match || content.length !== text.length) throw malformed('time');
  const written = Number(match[1]);
  const year = short ? written + (written < 50 ? 2000 : 1900) : written;
  if (!short && year < 2050) throw malformed('time');
  const [month, day, hour, minute, second] = (match[2] as string).match(/\d{2}/g) as string[];
  const iso = `${String(year).padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const milliseconds = Date.parse(iso);
  // Date.parse rolls 30 February over; a time that does not print back was none.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== iso) throw malformed('time');
  return milliseconds / 1000;
}

export const malformed = (what: string) => fail('certificate_malformed', { detail: what });

function readElement(from: Bytes, at: number): DerElement {
  const tag = from[at];
  const first = from[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw malformed('tag');
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const width = first - 0x80;
    const digits = from.slice(start, start + width);
    start += width;
    // Definite and shortest lengths only (X.690 §10.1); indefinite is width 0.
    if (width === 0 || width > 3 || digits.length !== width || digits[0] === 0) throw malformed('length');
    length = Number.parseInt(toHex(digits), 16);
    if (length < 0x80) throw malformed('length');
  }
  const end = start + length;
  if (end > from.length) throw malformed('length');
  return { tag, content: from.slice(start, end), bytes: from.slice(at, end) };
}
