import { concatBytes } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameReader, framePrefix } from '../../src/abci/frames.ts';

const framed = (message: Uint8Array): Uint8Array => concatBytes(framePrefix(message.length), message);

describe('frames', () => {
  it('gives the same messages however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 8 }),
        fc.array(fc.nat(500), { maxLength: 20 }),
        (messages, cuts) => {
          const stream = concatBytes(...messages.map(framed));
          const reader = createFrameReader();
          const seen: number[][] = [];
          let at = 0;
          for (const cut of [...cuts, stream.length]) {
            for (const frame of reader.push(stream.subarray(at, at + cut))) seen.push([...frame]);
            at = Math.min(stream.length, at + cut);
          }
          expect(seen).toEqual(messages.map((message) => [...message]));
          expect(reader.pending).toBe(0);
        },
      ),
    );
  });

  it('writes lengths as the shortest varint', () => {
    expect([...framePrefix(0)]).toEqual([0]);
    expect([...framePrefix(127)]).toEqual([127]);
    expect([...framePrefix(128)]).toEqual([0x80, 1]);
    expect([...framePrefix(104_857_600)]).toEqual([0x80, 0x80, 0x80, 0x32]);
  });

  it('refuses a message above the limit before any of it has come', () => {
    expect(() => createFrameReader(10).push(Uint8Array.of(11))).toThrow('longer than the limit');
    expect(createFrameReader(10).push(Uint8Array.of(10))).toEqual([]);
  });

  it('refuses lengths that have two forms or no end', () => {
    expect(() => createFrameReader().push(Uint8Array.of(0x80, 0))).toThrow('shortest form');
    expect(() => createFrameReader().push(new Uint8Array(6).fill(0x80))).toThrow('too many bytes');
    expect(() => createFrameReader().push(new Uint8Array(10).fill(0xff))).toThrow('longer than the limit');
  });
});
