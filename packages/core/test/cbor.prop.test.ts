import { decode, encode as referenceEncode, rfc8949EncodeOptions } from 'cborg';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CborValue, decodeCbor, encodeCbor } from '../src/index.ts';
import { anyText } from './arbitrary-text.ts';

const { value: values } = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.integer({ min: -300, max: 70_000 }),
    anyText(),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(
      anyText().filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 6, noNullPrototype: true },
    ),
  ),
}));

test('what is written is read back, and a second writer agrees on the bytes', () => {
  fc.assert(
    fc.property(values, (value) => {
      const bytes = encodeCbor(value);
      expect(decodeCbor(bytes)).toEqual(value);
      expect(bytes).toEqual(new Uint8Array(referenceEncode(value, rfc8949EncodeOptions)));
      expect(decode(bytes.subarray())).toBeDefined();
    }),
  );
});

test('whatever bytes are accepted have one spelling: they encode to themselves', () => {
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 24 }),
    // A valid value with one byte changed reaches deeper than noise does.
    fc.tuple(values, fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
      const bytes = encodeCbor(value);
      bytes[at % bytes.length] = byte;
      return bytes;
    }),
  );
  fc.assert(
    fc.property(hostile, (bytes) => {
      let value: CborValue;
      try {
        value = decodeCbor(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        return;
      }
      expect(encodeCbor(value)).toEqual(bytes);
    }),
    { numRuns: 3000 },
  );
});

test('no proper prefix of an encoding is an encoding', () => {
  fc.assert(
    fc.property(values, fc.nat(), (value, cut) => {
      const bytes = encodeCbor(value);
      expect(() => decodeCbor(bytes.subarray(0, cut % bytes.length))).toThrow(TypeError);
    }),
  );
});
