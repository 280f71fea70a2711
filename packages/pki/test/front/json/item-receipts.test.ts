import { AppError, type Bytes, toHex } from '@attestel/core';
import type { ProofSource } from '@attestel/ledger';
import { encodeReceipt } from '@attestel/proof';
import { describe, expect, it } from 'vitest';
import { withItemReceipts } from '../../../src/front/json/item-receipts.ts';
import type { ItemResult } from '../../../src/front/json/item-results.ts';

const hashOf = (number: number): Bytes => new Uint8Array(32).fill(number);
const published = (number: number): ItemResult => ({ ok: true, hash: hashOf(number), index: number });
const refused: ItemResult = { ok: false, code: 'pki_key_taken' };

const receipt = (key: string, isThere: boolean): Bytes =>
  encodeReceipt({
    ...{ kind: 'state', module: 'pki', key, checkpoint: { form: 'reference', hash: hashOf(9) } },
    path: { siblings: [], end: isThere ? { kind: 'own', value: Uint8Array.of(1) } : { kind: 'empty' } },
  });

/** A ledger whose newest cosigned checkpoint holds the certificates after so many pauses, and what it was asked for. */
function lateBy(pauses: number, before: 'absent' | 'proof_unavailable' | 'store_damaged' = 'absent') {
  let paused = 0;
  const asked: string[] = [];
  const [early, late] = [{}, {}];
  const proofs = {
    source: () => (paused >= pauses ? late : early),
    stateReceipt(module: string, key: string, form: string) {
      asked.push(`${module} ${key.slice(0, 7)} ${form}`);
      if (paused < pauses && before !== 'absent') {
        throw new AppError(before, { kind: 'unavailable', message: 'no proof' });
      }
      return receipt(key, paused >= pauses);
    },
  } as unknown as ProofSource;
  const pause = async (): Promise<void> => {
    paused += 1;
  };
  return { proofs, pause, asked, paused: () => paused };
}

describe('receipts of items', () => {
  it('are made of those that were published, in the form that is wanted', async () => {
    const { proofs, pause, asked } = lateBy(0);
    const results = await withItemReceipts(proofs, [refused, published(1), published(2)], 'full', pause);
    expect(results).toEqual([
      refused,
      { ...published(1), receipt: receipt(`cert/${toHex(hashOf(1))}`, true) },
      { ...published(2), receipt: receipt(`cert/${toHex(hashOf(2))}`, true) },
    ]);
    expect(asked).toEqual(['pki cert/01 path', 'pki cert/01 full', 'pki cert/02 full']);
  });

  it.each(['absent', 'proof_unavailable', 'store_damaged'] as const)(
    'wait for a checkpoint that holds them: %s',
    async (before) => {
      const { proofs, pause, paused } = lateBy(3, before);
      const [result] = await withItemReceipts(proofs, [published(1)], 'path', pause);
      expect(result).toMatchObject({ ok: true, receipt: receipt(`cert/${toHex(hashOf(1))}`, true) });
      expect(paused()).toBe(3);
    },
  );

  it('are none where nobody cosigns in time, and never a receipt of absence', async () => {
    const { proofs, pause, paused } = lateBy(Number.POSITIVE_INFINITY);
    const results = [published(1), published(2)];
    expect(await withItemReceipts(proofs, results, 'path', pause)).toEqual(results);
    expect(paused()).toBeLessThan(1000);
  });

  it('are proven once for each checkpoint, however long they are waited for', async () => {
    const { proofs, pause, asked } = lateBy(50);
    await withItemReceipts(proofs, [published(1)], 'full', pause);
    expect(asked).toEqual(['pki cert/01 path', 'pki cert/01 path', 'pki cert/01 full']);
  });

  it('are not made where none is wanted, or nothing was published', async () => {
    const { proofs, pause, asked } = lateBy(0);
    expect(await withItemReceipts(proofs, [published(1)], 'none', pause)).toEqual([published(1)]);
    expect(await withItemReceipts(proofs, [refused], 'path', pause)).toEqual([refused]);
    expect(asked).toEqual([]);
  });

  it('let other faults through', async () => {
    const { pause } = lateBy(0);
    const proofs = {
      source: () => ({}),
      stateReceipt: () => {
        throw new TypeError('broken');
      },
    } as unknown as ProofSource;
    await expect(withItemReceipts(proofs, [published(1)], 'path', pause)).rejects.toThrow('broken');
  });
});
