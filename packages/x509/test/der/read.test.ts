import { concatBytes, fromHex, utf8 } from '@attestel/core';
import { contextTag, DerCursor, type DerElement, elementsOf, readDer, sequenceIn, TAG } from '@attestel/x509';
import { describe, expect, it } from 'vitest';

const code = (name: string) => expect.objectContaining({ name: 'AppError', code: name });
const bytes = fromHex;

describe('strict DER [X.690 §8, §10]', () => {
  it.each([
    ['nothing', '', 'der_malformed'],
    ['tag alone', '04', 'der_malformed'],
    ['content missing', '0402ff', 'der_malformed'],
    ['length cut short', '0482ff', 'der_malformed'],
    ['trailing byte', '040100ff', 'der_trailing'],
    ['other tag', '020101', 'der_structure'],
    ['indefinite length', '0480000000', 'der_form'],
    ['long form for a short length', '04810100', 'der_form'],
    ['leading zero in the length', '0482008000', 'der_form'],
    ['length beyond four bytes', '04850100000000', 'der_malformed'],
    ['length of four gigabytes', '0484ffffffff', 'der_malformed'],
    ['high tag number', '1f0100', 'der_malformed'],
  ])('refuses %s', (_, hex, expected) => {
    expect(() => readDer(bytes(hex), TAG.octetString)).toThrow(code(expected));
  });

  it('reads long lengths', () => {
    const content = new Uint8Array(300).fill(7);
    expect(readDer(concatBytes(bytes('0482012c'), content), TAG.octetString).content).toEqual(content);
  });

  it('splits constructed content into its elements', () => {
    expect(elementsOf(bytes('0201010403aabbcc')).map((e) => e.tag)).toEqual([0x02, 0x04]);
    expect(() => elementsOf(bytes('02010104'))).toThrow(code('der_malformed'));
  });

  it('keeps an element within the one around it, though bytes follow that one', () => {
    // The inner string claims a byte that belongs to what comes after the inner sequence.
    const [inner] = elementsOf(sequenceIn(bytes('300830040402aabb0500')).next().bytes);
    expect(new DerCursor(inner as DerElement).next().content).toEqual(bytes('aabb'));
    const short = sequenceIn(bytes('300830040403aabb0500')).next(TAG.sequence);
    expect(() => new DerCursor(short).next()).toThrow(code('der_malformed'));
    expect(() => new DerCursor({ ...short, content: short.content }).next()).toThrow(code('der_malformed'));
    const empty = sequenceIn(bytes('300430000500')).next(TAG.sequence);
    const cursor = new DerCursor(empty);
    expect([cursor.done, cursor.optional(TAG.null)]).toEqual([true, undefined]);
    expect(() => cursor.next(TAG.null)).toThrow(code('der_structure'));
    expect(() => readDer(bytes('3003040200'))).not.toThrow();
    expect(() => elementsOf(readDer(bytes('3003040200')).content)).toThrow(code('der_malformed'));
  });

  it('takes elements in the order of the structure and refuses what is left over', () => {
    const cursor = sequenceIn(bytes('3008020101a003020102'));
    expect(cursor.optional(TAG.boolean)).toBeUndefined();
    expect(cursor.next(TAG.integer).content).toEqual(Uint8Array.of(1));
    expect(() => cursor.end()).toThrow(code('der_trailing'));
    expect(() => cursor.next(TAG.integer)).toThrow(code('der_structure'));
    const inner = new DerCursor(cursor.next(contextTag(0)));
    expect(inner.next().content).toEqual(Uint8Array.of(2));
    inner.end();
    expect(cursor.done).toBe(true);
    expect(() => cursor.next()).toThrow(code('der_structure'));
  });

  it('gives views of the bytes it was given, not copies', () => {
    const source = utf8('\u0004\u0001a');
    expect(readDer(source).content.buffer).toBe(source.buffer);
  });
});
