import { type Bytes, concatBytes } from '@attestel/core';
import { der } from '@attestel/x509';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BackwardDer } from '../../../src/front/ocsp/backward-der.ts';

const some = fc.uint8Array({ maxLength: 70_000 }).map((bytes): Bytes => bytes);

test('what is written from the end is what the writer of DER writes, at any length', () => {
  fc.assert(
    fc.property(some, some, some, some, (first, inner, last, behind) => {
      const room = first.length + inner.length + last.length + 20;
      const out = new BackwardDer(room, behind.length);
      out.put(last);
      const mark = out.end;
      out.put(inner).wrap(0xa1, mark).put(first);
      const view = out.bytes();
      out.append(behind);
      const expected = concatBytes(first, der.explicit(1, inner), last);
      expect(Buffer.compare(view, expected)).toBe(0);
      expect(Buffer.compare(out.wrap(0x30).bytes(), der.sequence(expected, behind))).toBe(0);
    }),
    { numRuns: 100 },
  );
});

test('what does not fit is refused', () => {
  const out = new BackwardDer(2, 1);
  expect(() => out.put(new Uint8Array(3))).toThrow(RangeError);
  expect(() => out.append(new Uint8Array(2))).toThrow(RangeError);
  expect(() => out.put(new Uint8Array(2)).wrap(0x30)).toThrow(RangeError);
});
