import { utf8 } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { encodeEnvelope } from '../../../src/drivers/cometbft/envelope.ts';
import { createEnvelopeCache } from '../../../src/drivers/cometbft/envelope-cache.ts';
import { addition, BOB } from '../../fixtures/open-test-ledger.ts';

describe('the cache of envelopes', () => {
  it('decodes a transaction once, so that what hangs on its operations is found again', async () => {
    const cache = createEnvelopeCache();
    const tx = encodeEnvelope([await addition(BOB, 0)]);
    expect(cache.read(tx.slice())).toBe(cache.read(tx));
  });

  it('forgets the oldest, and counts what even the shortest transaction costs', () => {
    const cache = createEnvelopeCache(10_000);
    const first = cache.read(utf8('x'));
    for (let i = 0; i < 5; i++) cache.read(utf8(String(i)));
    expect(cache.read(utf8('x'))).toBe(first);
    for (let i = 5; i < 20; i++) cache.read(utf8(String(i)));
    expect(cache.read(utf8('x'))).not.toBe(first);
  });
});
