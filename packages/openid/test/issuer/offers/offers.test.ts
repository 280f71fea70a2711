import type { StoreReader } from '@attestel/core';
import { expect, it } from 'vitest';
import { openOffer } from '../../../src/issuer/offers/offers.ts';
import { findSubscriber } from '../../../src/issuer/subscribers/apply-event.ts';

/** As a durable store does with keys longer than it takes. */
const store = {
  get() {
    throw new TypeError('store: asked');
  },
} as unknown as StoreReader;

it.each(['', 'short', 'a'.repeat(23), 'a'.repeat(3000), '../offers', `${'a'.repeat(21)}/`])(
  'an id that no offer and no line can have never reaches the store: %s',
  (id) => {
    expect(openOffer(store, id, 0)).toBeUndefined();
    if (id !== 'a'.repeat(23)) expect(findSubscriber(store, id)).toBeUndefined();
  },
);
