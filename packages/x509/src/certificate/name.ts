import { type Bytes, compareBytes, toHex } from '@attestel/core';
import { readOid, readUtf8 } from '../der/primitives.ts';
import { DerCursor, type DerElement, elementsOf, membersOf, TAG } from '../der/read.ts';
import { fail } from '../errors.ts';
import { lowerAscii } from './host-name.ts';

export interface NameAttribute {
  readonly type: string;
  /** Undefined for string types whose characters we do not decode. */
  readonly text: string | undefined;
  /** What two attributes are compared by (RFC 5280 §7.1). */
  readonly key: string;
}

/** A distinguished name (RFC 5280 §4.1.2.4): relative names, each of one or more attributes. */
export interface Name {
  readonly bytes: Bytes;
  readonly rdns: readonly (readonly NameAttribute[])[];
}

/** Attribute types by the names people use (RFC 4519, X.520). */
export const NAME_ATTRIBUTE = {
  commonName: '2.5.4.3',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  organization: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
  emailAddress: '1.2.840.113549.1.9.1',
} as const;

const MAX_RDNS = 64;

/** @throws AppError name_malformed, der_* */
export function readName(element: DerElement): Name {
  if (element.tag !== TAG.sequence) throw fail('name_malformed');
  const sets = membersOf(element);
  if (sets.length > MAX_RDNS) throw fail('name_malformed');
  return { bytes: element.bytes, rdns: sets.map(readRdn) };
}

function readRdn(set: DerElement): NameAttribute[] {
  if (set.tag !== TAG.set) throw fail('name_malformed');
  return attributesOf(membersOf(set));
}

/** SET OF in DER: not empty, in the order of the encodings, nothing twice (X.690 §11.6). */
export const readAttributes = (content: Bytes): NameAttribute[] => attributesOf(elementsOf(content));

function attributesOf(members: readonly DerElement[]): NameAttribute[] {
  if (members.length === 0 || members.length > MAX_RDNS) throw fail('name_malformed');
  for (let at = 1; at < members.length; at++) {
    const [before, member] = [members[at - 1], members[at]] as [DerElement, DerElement];
    if (compareBytes(before.bytes, member.bytes) >= 0) throw fail('der_form', { detail: 'set of' });
  }
  return members.map(readAttribute);
}

function readAttribute(element: DerElement): NameAttribute {
  if (element.tag !== TAG.sequence) throw fail('name_malformed');
  const cursor = new DerCursor(element);
  const type = readOid(cursor.next(TAG.oid));
  const value = cursor.next();
  cursor.end();
  return new Attribute(type, textOf(value), value);
}

/** Its key is made when it is asked for: most names are compared with nothing. */
class Attribute implements NameAttribute {
  readonly type: string;
  readonly text: string | undefined;
  readonly #value: DerElement;

  constructor(type: string, text: string | undefined, value: DerElement) {
    this.type = type;
    this.text = text;
    this.#value = value;
  }

  get key(): string {
    return `${this.type}=${this.text === undefined ? `#${toHex(this.#value.bytes)}` : folded(this.text)}`;
  }
}

function textOf(value: DerElement): string | undefined {
  if (value.tag === TAG.utf8String) return readUtf8(value);
  if (value.tag !== TAG.printableString && value.tag !== TAG.ia5String) return undefined;
  const { content } = value;
  for (let i = 0; i < content.length; i++) if ((content[i] as number) >= 0x80) throw fail('name_malformed');
  return String.fromCharCode(...content);
}

/**
 * Case of ASCII letters and runs of spaces do not count (RFC 5280 §7.1, RFC 4518 for ASCII). Characters
 * beyond ASCII are compared as they are: folding tables change with Unicode, and nodes must agree.
 */
const folded = (text: string): string =>
  PLAIN.test(text) ? text : lowerAscii(text.replace(/[\t\n\v\f\r ]+/g, ' ').replace(/^ | $/g, ''));

/** Nothing to fold: the most of what names hold. */
const PLAIN = /^[!-@[-~]+(?: [!-@[-~]+)*$/;

const rdnKey = (rdn: readonly NameAttribute[]): string =>
  JSON.stringify(rdn.map((attribute) => attribute.key).toSorted());

const nameKeys = new WeakMap<Name, string>();

/** Two names are the same name exactly if their keys are equal. */
export function nameKey(name: Name): string {
  const known = nameKeys.get(name);
  if (known !== undefined) return known;
  const key = name.rdns.map(rdnKey).join('');
  nameKeys.set(name, key);
  return key;
}

/** Key of the name that a relative one makes of `base` (RFC 5280 §4.2.1.13). */
export const extendedNameKey = (base: Name, rdn: readonly NameAttribute[]): string =>
  nameKey(base) + rdnKey(rdn);

/** Keys of the relative names, in order. */
export const rdnKeys = (name: Name): string[] => name.rdns.map(rdnKey);

/** Texts of an attribute type, in order. */
export function nameTexts({ rdns }: Name, type: string): string[] {
  const texts: string[] = [];
  for (const rdn of rdns) {
    for (const attribute of rdn) {
      if (attribute.type === type && attribute.text !== undefined) texts.push(attribute.text);
    }
  }
  return texts;
}
