import {
  createStatusList,
  decodeStatusList,
  encodeStatusList,
  getStatus,
  type StatusBits,
  setStatus,
} from '@attestel/credentials';
import { describe, expect, test } from 'vitest';
import { readVectors } from '../vectors.ts';

interface ListVector {
  readonly bits: StatusBits;
  readonly statuses: readonly (readonly [index: number, status: number])[];
  readonly lst: string;
}

const { lists } = readVectors<{ lists: ListVector[] }>('status-list.json');

describe.each(lists)('Token Status List appendix C, $bits bits an entry', ({ bits, statuses, lst }) => {
  test('decodes to the published statuses', () => {
    const list = decodeStatusList({ bits, lst });
    expect(list.size).toBe(2 ** 20);
    const found = new Map<number, number>();
    for (let i = 0; i < list.size; i++) {
      const status = getStatus(list, i);
      if (status !== 0) found.set(i, status);
    }
    expect(found).toEqual(new Map(statuses));
  });

  test('the list made from the statuses has the published bytes', () => {
    const list = createStatusList({ size: 2 ** 20, bits });
    for (const [index, status] of statuses) setStatus(list, index, status);
    expect(Buffer.compare(decodeStatusList({ bits, lst }).bytes, list.bytes)).toBe(0);
    expect(Buffer.compare(decodeStatusList(encodeStatusList(list)).bytes, list.bytes)).toBe(0);
  });
});
