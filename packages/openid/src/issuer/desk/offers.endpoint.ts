import { json, type Route } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { readBody } from '../endpoints/read-body.ts';
import { createOffer } from '../offers/offers.ts';
import { walletLink } from '../offers/wallet-link.ts';
import { offerBody } from './desk.schema.ts';
import { deskRoute } from './desk-route.ts';
import { findLine } from './find-line.ts';
import { instant } from './subscriber-view.ts';

/** Offers the credential to a person whom the operator's staff or systems have proved to have the line. */
export const deskOffersEndpoint = (issuer: IssuerContext): Route =>
  deskRoute(
    issuer,
    { method: 'POST', path: '/offers', summary: 'Make a credential offer for a line' },
    async (request, party) => {
      const body = readBody(request, offerBody);
      const { subscriptionId } = await findLine(issuer, body);
      const offer = await createOffer(issuer, { subscriptionId, method: body.method ?? 'kyc_in_person' });
      issuer.logger.info('desk.offer', { subscription: subscriptionId, by: party.did });
      return json(
        {
          credential_offer_uri: offer.credentialOfferUri,
          offer_uri: offer.offerUri,
          ...(issuer.walletUrl === undefined
            ? {}
            : { wallet_link: walletLink(issuer.walletUrl, offer.credentialOfferUri) }),
          tx_code: offer.txCode,
          expires_at: instant(offer.expiresAt),
        },
        201,
      );
    },
  );
