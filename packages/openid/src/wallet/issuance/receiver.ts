import { unixSeconds } from '@attestel/core';
import { sweepKeys } from '../cards/card-book.ts';
import type { OfferPreview, ReceiveStep } from '../types.ts';
import { type RedeemPorts, redeemOffer } from './redeem-offer.ts';
import { type OfferPorts, type ResolvedOffer, resolveOffer } from './resolve-offer.ts';
import { storeIssuance } from './store-issuance.ts';

/** An issuance that has not ended after this long was interrupted. */
const ABANDONED_AFTER_SECONDS = 3600;
const REMEMBERED_OFFERS = 8;

export interface ReceiveRequest {
  readonly txCode?: string | undefined;
  readonly onStep?: (step: ReceiveStep) => void;
}

export interface Receiver {
  previewOffer(link: string): Promise<OfferPreview>;
  /** Resolves to the id of the card when everything is durable. */
  receive(link: string, request: ReceiveRequest): Promise<string>;
  sweep(): Promise<void>;
}

export function createReceiver(ports: RedeemPorts & OfferPorts, copies: number): Receiver {
  /** Offers looked at and not yet accepted: an offer by reference may be served only once. */
  const seen = new Map<string, ResolvedOffer>();
  const resolve = async (link: string): Promise<ResolvedOffer> => {
    const resolved = await resolveOffer(link, ports);
    seen.set(link, resolved);
    for (const oldest of seen.keys()) if (seen.size > REMEMBERED_OFFERS) seen.delete(oldest);
    return resolved;
  };
  return {
    async previewOffer(link) {
      const { operator, vct, claims, pin, batchSize } = await resolve(link);
      return { operator, vct, claims, pin, copies: Math.min(copies, batchSize) };
    },
    async receive(link, { txCode, onStep = () => undefined }) {
      const resolved = seen.get(link) ?? (await resolve(link));
      const issuance = await redeemOffer(resolved, ports, { txCode, copies, onStep });
      onStep('store');
      const cardId = await storeIssuance(resolved, issuance, ports);
      seen.delete(link);
      return cardId;
    },
    async sweep() {
      const before = unixSeconds(ports.clock) - ABANDONED_AFTER_SECONDS;
      for (const issuance of await ports.storage.list('issuances')) {
        if (issuance.at < before) await sweepKeys(issuance, ports);
      }
    },
  };
}
