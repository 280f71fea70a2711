import { Buffer as NodeBuffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Buffer } from '../src/app/wallet/buffer.ts';

describe('the stand-in for Buffer', () => {
  it('reads and writes text and base64 as Node does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.uint8Array(), (text, bytes) => {
        expect(new Uint8Array(Buffer.from(text, 'utf-8'))).toEqual(
          new Uint8Array(NodeBuffer.from(text, 'utf-8')),
        );
        expect(Buffer.from(text).toString('base64')).toBe(NodeBuffer.from(text).toString('base64'));
        expect(Buffer.from(bytes).toString('base64')).toBe(NodeBuffer.from(bytes).toString('base64'));
        expect(Buffer.from(Buffer.from(text)).toString('utf-8')).toBe(text);
      }),
    );
  });

  it('decodes base64 and base64url, padded or not', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        for (const form of ['base64', 'base64url'] as const) {
          const text = NodeBuffer.from(bytes).toString(form);
          expect(new Uint8Array(Buffer.from(text, 'base64'))).toEqual(bytes);
        }
      }),
    );
  });
});
