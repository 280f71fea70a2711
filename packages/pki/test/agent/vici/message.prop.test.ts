import { isAppError } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage, textIn, type ViciSection } from '../../../src/agent/vici/message.ts';

const key = fc.string({ maxLength: 20 });
const bytes = fc.uint8Array({ maxLength: 40 });
const { section } = fc.letrec<{ section: ViciSection }>((tie) => ({
  section: fc.dictionary(
    key,
    fc.oneof({ maxDepth: 4 }, bytes, fc.array(bytes, { maxLength: 4 }), tie('section')),
    { maxKeys: 5, noNullPrototype: true },
  ),
}));

describe('vici messages', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(section, (value) => {
        expect(decodeMessage(encodeMessage(value))).toEqual(value);
      }),
    );
  });

  it('of any bytes are read or refused, and read the same when they are written again', () => {
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.tuple(section, fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
        const encoded = encodeMessage(value).slice();
        if (encoded.length > 0) encoded[at % encoded.length] = byte;
        return encoded;
      }),
    );
    fc.assert(
      fc.property(hostile, (input) => {
        let message: ViciSection;
        try {
          message = decodeMessage(input);
        } catch (error) {
          expect(isAppError(error)).toBe(true);
          return;
        }
        expect(decodeMessage(encodeMessage(message))).toEqual(message);
      }),
      { numRuns: 500 },
    );
  });

  it('are spelled as strongSwan spells them', () => {
    // key1 = value1, section1 = { list1 = [item1] }, by hand from the protocol's description
    const spelled =
      '0304' +
      '6b657931' +
      '0006' +
      '76616c756531' +
      '0108' +
      '73656374696f6e31' +
      '0405' +
      '6c69737431' +
      '050005' +
      '6974656d31' +
      '06' +
      '02';
    const message = decodeMessage(new Uint8Array(Buffer.from(spelled, 'hex')));
    expect(textIn(message, 'key1')).toBe('value1');
    expect(Buffer.from(encodeMessage(message)).toString('hex')).toBe(spelled);
  });

  it.each([
    ['a key of 256 bytes', { ['k'.repeat(256)]: 'v' }],
    ['a value of 64 KiB', { k: new Uint8Array(65_536) }],
  ])('do not carry %s', (_, message) => {
    expect(() => encodeMessage(message)).toThrow(/too long/);
  });
});
