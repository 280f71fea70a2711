import { silentLogger } from '@attestel/core';
import { expect, it } from 'vitest';
import { boundConsents } from '../../src/consent/bounded-consents.ts';
import type { ConsentStore } from '../../src/index.ts';
import { choiceOf } from '../support/consent-suite.ts';

const never = () => new Promise<never>(() => {});
const silent: ConsentStore = { find: never, save: never, remove: never, list: never };

it('ends every wait for a store that says nothing', async () => {
  const store = boundConsents(silent, silentLogger, 5);
  for (const asked of [
    store.find('ann', 'shop'),
    store.save('ann', 'shop', choiceOf(['country'])),
    store.remove('ann', 'shop'),
    store.list('ann'),
  ])
    await expect(asked).rejects.toMatchObject({ code: 'consent_not_recorded', kind: 'unavailable' });
});

it('gives what a store answers in time', async () => {
  const consent = { granted: ['country'], refused: [], notice: { digest: 'cd'.repeat(32) } };
  const store = boundConsents({ ...silent, find: async () => consent }, silentLogger);
  expect(await store.find('ann', 'shop')).toEqual(consent);
});
