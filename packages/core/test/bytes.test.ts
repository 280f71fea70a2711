import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBytes, concatBytes, equalBytes, fromHex, fromUtf8, toHex, utf8 } from '../src/index.ts';
import { anyText } from './arbitrary-text.ts';

const byteArrays = fc.uint8Array({ maxLength: 40 });
/** Hex of few bytes is written in another way than that of many. */
const longerArrays = fc.uint8Array({ minLength: 50, maxLength: 80 });

describe('hex', () => {
  test('every byte string has one spelling and returns from it', () => {
    const anyBytes = fc.oneof(byteArrays, longerArrays);
    fc.assert(fc.property(anyBytes, (bytes) => void expect(fromHex(toHex(bytes))).toEqual(bytes)));
    expect(toHex(Uint8Array.of(0, 10, 255))).toBe('000aff');
  });

  test.each(['0', 'abc', 'AB', '0x00', 'g0', ' 00', '00 ', '00\n', '０0'])('rejects %j', (text) => {
    expect(() => fromHex(text)).toThrow(TypeError);
  });

  test('text is hex of whole bytes, or is refused', () => {
    const nearlyHex = fc
      .array(fc.constantFrom(...'0123456789abcdefABgG/:@`\u0100'), { maxLength: 6 })
      .map((characters) => characters.join(''));
    fc.assert(
      fc.property(fc.oneof(nearlyHex, anyText()), (text) => {
        if (/^(?:[0-9a-f]{2})*$/.test(text)) expect(toHex(fromHex(text))).toBe(text);
        else expect(() => fromHex(text)).toThrow(TypeError);
      }),
    );
  });
});

describe('utf-8', () => {
  test('well-formed text survives, a leading byte order mark included', () => {
    fc.assert(fc.property(anyText(), (text) => void expect(fromUtf8(utf8(text))).toBe(text)));
    expect(fromUtf8(utf8('\uFEFFa'))).toBe('\uFEFFa');
  });

  test.each(['ff', 'c080', 'eda080', 'f4908080', 'e282'])('rejects malformed bytes %s', (hex) => {
    expect(() => fromUtf8(fromHex(hex))).toThrow(TypeError);
  });
});

describe('byte strings', () => {
  test('concatBytes joins in order and copies', () => {
    const part = Uint8Array.of(1);
    const joined = concatBytes(part, new Uint8Array(), Uint8Array.of(2, 3));
    part[0] = 9;
    expect(joined).toEqual(Uint8Array.of(1, 2, 3));
  });

  test('equalBytes is true for equal bytes only', () => {
    expect(equalBytes(new Uint8Array(), new Uint8Array())).toBe(true);
    fc.assert(
      fc.property(byteArrays, byteArrays, (a, b) => {
        expect(equalBytes(a, a.slice())).toBe(true);
        expect(equalBytes(a, b)).toBe(toHex(a) === toHex(b));
      }),
    );
  });

  test('compareBytes orders as the hex texts do: unsigned, prefix first', () => {
    fc.assert(
      fc.property(byteArrays, byteArrays, (a, b) => {
        const [x, y] = [toHex(a), toHex(b)];
        expect(Math.sign(compareBytes(a, b))).toBe(x < y ? -1 : x > y ? 1 : 0);
      }),
    );
  });
});
