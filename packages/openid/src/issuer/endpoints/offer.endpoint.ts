import { json, type Route, unixSeconds } from '@attestel/core';
import { CONFIGURATION_ID, type IssuerContext } from '../context.ts';
import { fail } from '../errors.ts';
import { openOffer, preAuthorizedCode, TX_CODE_LENGTH } from '../offers/offers.ts';

/** The offer behind a `credential_offer_uri` (OID4VCI 1.0 §4.1.3), until it is used or over. */
export const offerEndpoint = (issuer: IssuerContext): Route => ({
  method: 'GET',
  path: `${issuer.basePath}/offers/:id`,
  summary: 'Credential offer by reference',
  errors: 'problem',
  cors: true,
  async handle(request) {
    const offer = openOffer(issuer.store, request.params.id ?? '', unixSeconds(issuer.clock));
    // Unknown, used and expired look the same: whoever guesses learns nothing.
    if (offer === undefined) throw fail('offer_not_found');
    const grant = {
      'pre-authorized_code': await preAuthorizedCode(issuer, offer.id),
      tx_code: { input_mode: 'numeric', length: TX_CODE_LENGTH },
    };
    return json(
      {
        credential_issuer: issuer.issuerUrl,
        credential_configuration_ids: [CONFIGURATION_ID],
        grants: { 'urn:ietf:params:oauth:grant-type:pre-authorized_code': grant },
      },
      200,
      { 'cache-control': 'no-store' },
    );
  },
});
