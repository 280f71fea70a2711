import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../src/sha256.ts';

describe('sha256', () => {
  it('is that of createHash, whatever the bytes, in an array of its own', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
        const digest = sha256(data);
        expect(digest).toEqual(new Uint8Array(createHash('sha256').update(data).digest()));
        expect(digest.buffer.byteLength).toBe(32);
      }),
      { numRuns: 2000 },
    );
  });
});
