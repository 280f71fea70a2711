import { decode, encode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  array,
  byteString,
  type CborReader,
  createCborReader,
  integer,
  map,
  tagged,
  textString,
} from '../../src/cose/cbor.ts';
import { codeOf, hex, unhex } from '../sha256.ts';

const anyInteger = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(
    0,
    23,
    24,
    255,
    256,
    65_535,
    65_536,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 53 - 1,
    -1,
    -24,
    -25,
    -256,
    -257,
  ),
);

describe('CBOR writer (RFC 8949 §4.2.1)', () => {
  it('writes integers, byte strings and text as cborg does', () => {
    fc.assert(
      fc.property(
        anyInteger,
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ unit: 'grapheme' }),
        (n, bytes, text) => {
          const mine = array([integer(n), byteString(bytes), textString(text)]);
          expect(hex(mine)).toBe(hex(encode([n, bytes, text])));
        },
      ),
    );
  });

  it('writes maps and tags', () => {
    const inner = map([
      [1, integer(-7)],
      [395, integer(1)],
      [-1, array([])],
    ]);
    expect(hex(tagged(18, inner))).toBe('d2a3012619018b012080');
    expect(decode(inner, { useMaps: true })).toEqual(
      new Map<number, unknown>([
        [1, -7],
        [395, 1],
        [-1, []],
      ]),
    );
  });
});

describe('CBOR reader', () => {
  it('reads back what the writer wrote', () => {
    fc.assert(
      fc.property(anyInteger, fc.uint8Array({ maxLength: 300 }), fc.string(), (n, bytes, text) => {
        const written = array([integer(n), byteString(bytes), textString(text)]);
        const reader = createCborReader(Uint8Array.of(7, ...written).subarray(1));
        expect(reader.head('array')).toBe(3);
        expect([reader.integer(), hex(reader.bytes()), reader.text()]).toEqual([n, hex(bytes), text]);
        reader.end();
      }),
    );
  });

  it.each([
    ['an integer in two bytes that fits one', '1817'],
    ['an integer in three bytes that fits two', '1900ff'],
    ['an integer in five bytes that fits three', '1a0000ffff'],
    ['an integer in nine bytes that fits five', '1b00000000ffffffff'],
    ['a number beyond 2^53 − 1', '1b0020000000000000'],
    ['a reserved length', '1c'],
    ['an indefinite length', '1f'],
    ['a number that is cut short', '19ff'],
    ['nothing', ''],
    ['a byte string', '40'],
  ])('refuses %s where an integer belongs', async (_, data) => {
    expect(await codeOf(() => createCborReader(unhex(data)).integer())).toBe('cose_malformed');
  });

  it.each<[string, string, (reader: CborReader) => unknown]>([
    ['a string longer than the data', '5affffffff00', (reader) => reader.bytes()],
    ['a string of indefinite length', '5f', (reader) => reader.bytes()],
    ['text that is no UTF-8', '61ff', (reader) => reader.text()],
    ['text with a surrogate', '63eda080', (reader) => reader.text()],
    ['undefined in place of null', 'f7', (reader) => reader.null()],
    ['null in two bytes', 'f816', (reader) => reader.null()],
    ['what follows the end', '00', (reader) => reader.end()],
  ])('refuses %s', async (_, data, read) => {
    expect(await codeOf(() => read(createCborReader(unhex(data))))).toBe('cose_malformed');
  });
});
