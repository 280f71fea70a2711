import type { Bytes } from '@attestel/core';
import { contextTag, DerCursor, type DerElement, readInteger, TAG } from '@attestel/x509';
import { fail } from './errors.ts';

/** Longest serial number (RFC 5280 §4.1.2.2). */
const MAX_SERIAL_OCTETS = 20;

/**
 * Magnitude of a CertificateSerialNumber, without a leading zero octet. Zero may be asked about, although no
 * certificate has it.
 * @throws AppError serial_refused when negative or of more than 20 octets
 */
export function readSerial(element: DerElement): Bytes {
  const content = readInteger(element);
  if (content.length > MAX_SERIAL_OCTETS || (content[0] as number) >= 0x80) throw fail('serial_refused');
  return content.length > 1 && content[0] === 0 ? content.subarray(1) : content;
}

/**
 * An INTEGER of at most four octets, negative ones too (certReqId −1: RFC 9810 §5.3.4), or an ENUMERATED, which
 * has the same content (X.690 §8.4).
 */
export function readSignedInteger(element: DerElement): number {
  const content = readInteger(element);
  if (content.length > 4) throw fail('message_structure');
  let value = (content[0] as number) >= 0x80 ? -1 : 0;
  for (const octet of content) value = value * 256 + octet;
  return value;
}

/** The one element inside an EXPLICIT tag. */
export function only(wrapper: DerElement, tag?: number): DerElement {
  const cursor = new DerCursor(wrapper);
  const element = cursor.next(tag);
  cursor.end();
  return element;
}

/** `[n]` EXPLICIT around exactly one element, where it is there. */
export function optionalInside(cursor: DerCursor, n: number, tag?: number): DerElement | undefined {
  const wrapper = cursor.optional(contextTag(n));
  return wrapper && only(wrapper, tag);
}

/** The elements of a SEQUENCE OF or SET OF, of which there may be at most `limit`. */
export function listOf(list: DerElement, limit: number): DerElement[] {
  const cursor = new DerCursor(list);
  const out: DerElement[] = [];
  while (!cursor.done) {
    if (out.length === limit) throw fail('message_structure', { detail: 'too many elements' });
    out.push(cursor.next());
  }
  return out;
}

/** A whole element whose `[n]` IMPLICIT tag is replaced by the type's own. */
export function retagged(element: DerElement, tag: number): DerElement {
  // A copy also of a Buffer, whose own `slice` shares its memory: the message itself must stay as it was signed.
  const bytes = Uint8Array.from(element.bytes);
  bytes[0] = tag;
  return { tag, content: element.content, bytes };
}

/** A cursor over the elements of a SEQUENCE. */
export function cursorOf(element: DerElement): DerCursor {
  if (element.tag !== TAG.sequence) throw fail('message_structure');
  return new DerCursor(element);
}
