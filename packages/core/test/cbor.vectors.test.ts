import { describe, expect, test } from 'vitest';
import { type CborValue, decodeCbor, encodeCbor, fromHex, toHex } from '../src/index.ts';
import { readVectors } from './vectors.ts';

const vectors = readVectors<{
  accepted: { hex: string; value: CborValue }[];
  rejected: { hex: string; reason: string }[];
}>('rfc8949-appendix-a.json');

describe('RFC 8949 appendix A', () => {
  test.each(vectors.accepted)('$hex is read and written', ({ hex, value }) => {
    expect(decodeCbor(fromHex(hex))).toEqual(value);
    expect(toHex(encodeCbor(value))).toBe(hex);
  });

  test.each(vectors.rejected)('$hex is outside our form: $reason', ({ hex }) => {
    expect(() => decodeCbor(fromHex(hex))).toThrow(TypeError);
  });
});
