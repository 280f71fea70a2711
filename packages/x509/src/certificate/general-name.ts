import type { Bytes } from '@attestel/core';
import { readOid, readVisibleAscii } from '../der/primitives.ts';
import { contextTag, DerCursor, type DerElement, elementsOf, TAG } from '../der/read.ts';
import { fail } from '../errors.ts';
import { type Name, readName } from './name.ts';

/** RFC 5280 §4.2.1.6. `ip` has 4 or 16 octets, in name constraints 8 or 32 (address and mask). */
export type GeneralName =
  | { readonly kind: 'dns' | 'uri' | 'email'; readonly value: string }
  | { readonly kind: 'ip'; readonly value: Bytes }
  | { readonly kind: 'directoryName'; readonly name: Name }
  | { readonly kind: 'otherName'; readonly type: string /** DER */; readonly value: Bytes }
  | { readonly kind: 'registeredId'; readonly oid: string }
  | { readonly kind: 'x400' | 'ediParty' /** DER */; readonly value: Bytes };

const TEXT_KINDS: Readonly<Record<number, 'email' | 'dns' | 'uri'>> = { 1: 'email', 2: 'dns', 6: 'uri' };

/** @param ipLengths octets an address may have here */
export function readGeneralName(element: DerElement, ipLengths: readonly number[] = [4, 16]): GeneralName {
  const number = element.tag & 0x1f;
  const constructed = number === 0 || (number >= 3 && number <= 5);
  if (element.tag !== contextTag(number, constructed))
    throw fail('der_structure', { detail: 'general name' });
  const kind = TEXT_KINDS[number];
  if (kind) return { kind, value: readVisibleAscii(element) };
  switch (number) {
    case 0:
      return readOtherName(element);
    case 3:
    case 5:
      elementsOf(element.content);
      return { kind: number === 3 ? 'x400' : 'ediParty', value: element.bytes };
    case 4:
      return { kind: 'directoryName', name: readDirectoryName(element) };
    case 7:
      if (!ipLengths.includes(element.content.length)) throw fail('name_malformed');
      return { kind: 'ip', value: element.content };
    case 8:
      return { kind: 'registeredId', oid: readOid(element) };
    default:
      throw fail('der_structure', { detail: 'general name' });
  }
}

/** GeneralNames: a sequence of one or more (RFC 5280 §4.2.1.6). */
export function readGeneralNames(content: Bytes): GeneralName[] {
  const elements = elementsOf(content);
  if (elements.length === 0) throw fail('extension_malformed', { detail: 'no names' });
  return elements.map((element) => readGeneralName(element));
}

function readOtherName(element: DerElement): GeneralName {
  const cursor = new DerCursor(element);
  const type = readOid(cursor.next(TAG.oid));
  const wrapper = new DerCursor(cursor.next(contextTag(0)));
  cursor.end();
  const value = wrapper.next().bytes;
  wrapper.end();
  return { kind: 'otherName', type, value };
}

/** Name is a CHOICE, so its tag is explicit. */
function readDirectoryName(element: DerElement): Name {
  const cursor = new DerCursor(element);
  const name = readName(cursor.next(TAG.sequence));
  cursor.end();
  return name;
}
