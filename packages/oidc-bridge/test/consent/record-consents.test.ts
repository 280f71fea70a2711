import { createMemoryStore, silentLogger } from '@attestel/core';
import { createSealer, writeBehindOf } from '@attestel/openid/verifier';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../../openid/test/verifier/support/consortium.ts';
import { createRecordConsents } from '../../src/consent/consent-store.ts';
import { createRecords } from '../../src/store/records.ts';
import { createUnitOfWork } from '../../src/store/unit-of-work.ts';
import { consentSuite } from '../support/consent-suite.ts';

function open() {
  const clock = createTestClock();
  const store = createMemoryStore();
  const sealer = createSealer(new Uint8Array(32).fill(7));
  const start = () => {
    const unit = createUnitOfWork(writeBehindOf(store), silentLogger);
    const records = createRecords({ unit, sealer, clock });
    return { records, consents: createRecordConsents(records, clock) };
  };
  let running = start();
  return {
    records: () => running.records,
    store: () => running.consents,
    restart: async () => {
      running = start();
    },
    later: (seconds: number) => clock.advance(seconds),
  };
}

describe('consents in the bridge’s own store', () => {
  consentSuite(async () => open());

  it('asks again where an earlier version wrote no times', async () => {
    const world = open();
    await world.records().put('consent', 'ann\0shop', { granted: [], refused: [] }, Date.now() * 2);
    expect(await world.store().find('ann', 'shop')).toBeUndefined();
  });
});
