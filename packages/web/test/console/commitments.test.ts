import { fromHex, toHex } from '@attestel/core';
import { digestOf as digestOnLedger, eventStateKey, refOf as refOnLedger } from '@attestel/registry';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf, refOf, stateKeyOf } from '../../src/console/check/commitments.ts';

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => toHex(value));

describe('commitments in the browser', () => {
  it('are those that the ledger keeps: content, objects, keys of its state', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), hex(32), hex(16), async (content, salt, id) => {
        const payload = JSON.parse(JSON.stringify(content)) as never;
        expect(await digestOf(payload, salt)).toBe(toHex(digestOnLedger(payload, fromHex(salt))));
        expect(refOf('roaming.party', id)).toBe(toHex(refOnLedger('roaming.party', fromHex(id))));
        expect(stateKeyOf('zhonglian/gd', 'line', id)).toBe(
          eventStateKey('zhonglian/gd', 'line', fromHex(id)),
        );
      }),
      { numRuns: 50 },
    );
  });
});
