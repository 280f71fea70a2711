import { ProofError } from '@attestel/proof';
import { batchOf, batchPath, digestOf, verifyBatchItem } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { bytes32 } from '../fake-channels.ts';

const readings = Array.from({ length: 100 }, (_, i) => digestOf({ reading: i }, bytes32(i)));

describe('a batch', () => {
  const batch = batchOf(readings);

  it('proves each of its items, at its own place', () => {
    expect(batch.size).toBe(100);
    for (const [index, digest] of readings.entries()) {
      const path = batchPath(readings, index);
      verifyBatchItem(batch, { index, digest, path });
      expect(() => verifyBatchItem(batch, { index: (index + 1) % 100, digest, path })).toThrow(ProofError);
    }
  });

  it('refuses an altered item, another batch and a size that is not its own', () => {
    const path = batchPath(readings, 5);
    const altered = { index: 5, digest: digestOf({ reading: 6 }, bytes32(5)), path };
    expect(() => verifyBatchItem(batch, altered)).toThrow(ProofError);
    const item = { index: 5, digest: readings[5] as Uint8Array, path };
    expect(() => verifyBatchItem(batchOf(readings.slice(0, 99)), item)).toThrow(ProofError);
    expect(() => verifyBatchItem({ ...batch, size: 1 }, item)).toThrow(ProofError);
  });

  it.each([
    ['no item', () => batchOf([])],
    ['an item of another length', () => batchOf([new Uint8Array(31)])],
  ])('is not made of %s', (_, make) => {
    expect(make).toThrow(TypeError);
  });
});
