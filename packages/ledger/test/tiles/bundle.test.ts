import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBundle, encodeBundle } from '../../src/tiles/bundle.ts';

describe('entry bundles', () => {
  it('hold each entry behind its length in two bytes', () => {
    expect(encodeBundle([Uint8Array.of(7), new Uint8Array()])).toEqual(Uint8Array.of(0, 1, 7, 0, 0));
  });

  it('come back as the entries that went in', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 20 }), (entries) => {
        expect(decodeBundle(encodeBundle(entries) as Uint8Array, entries.length)).toEqual(entries);
      }),
    );
  });

  it('take no entry whose length does not fit', () => {
    expect(encodeBundle([new Uint8Array(0xffff)])?.length).toBe(0xffff + 2);
    expect(encodeBundle([new Uint8Array(0x1_0000)])).toBeUndefined();
  });

  it('are refused when they are cut, too long, or of another number', () => {
    const bundle = encodeBundle([Uint8Array.of(1, 2), Uint8Array.of(3)]) as Uint8Array;
    for (let cut = 0; cut < bundle.length; cut++)
      expect(decodeBundle(bundle.slice(0, cut), 2)).toBeUndefined();
    expect(decodeBundle(Uint8Array.of(...bundle, 0), 2)).toBeUndefined();
    expect(decodeBundle(bundle, 1)).toBeUndefined();
    expect(decodeBundle(bundle, 3)).toBeUndefined();
  });

  it('takes no entry after one that is too large', () => {
    let taken = 0;
    const entries = function* () {
      for (; taken < 256; taken++) yield new Uint8Array(taken === 1 ? 0x1_0000 : 1);
    };
    expect(encodeBundle(entries())).toBeUndefined();
    expect(taken).toBe(1);
  });
});
