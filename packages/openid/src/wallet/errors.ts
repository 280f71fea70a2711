import { errorsOf } from '@attestel/core';

/**
 * Everything the wallet can answer instead of doing what was asked. The codes are part of the API:
 * pages and the command line translate them.
 */
export const walletErrors = {
  link_malformed: { kind: 'bad-input', message: 'the link is neither an offer nor a request' },
  unreachable: { kind: 'unavailable', message: 'the other side cannot be reached' },
  url_refused: { kind: 'denied', message: 'only https addresses, and http on this machine, are used' },

  offer_malformed: { kind: 'bad-input', message: 'the offer is not in the form of OpenID4VCI 1.0' },
  offer_gone: { kind: 'gone', message: 'the offer was used or has expired' },
  offer_unsupported: { kind: 'unsupported', message: 'the offer holds nothing this wallet can keep' },
  issuer_unavailable: { kind: 'unavailable', message: 'the operator cannot be reached' },
  issuer_not_accredited: { kind: 'denied', message: 'the issuer is not accredited for this credential' },
  issuer_metadata_invalid: { kind: 'bad-input', message: 'the issuer metadata is not usable' },
  pin_required: { kind: 'bad-input', message: 'the offer needs the PIN from the operator' },
  pin_malformed: { kind: 'bad-input', message: 'the PIN has not the announced form' },
  grant_refused: { kind: 'denied', message: 'the PIN is wrong, or the offer was used or has expired' },
  credential_refused: { kind: 'denied', message: 'the operator refused to issue' },
  credential_invalid: { kind: 'proof-failed', message: 'a received credential does not verify' },

  request_unavailable: { kind: 'unavailable', message: 'the request cannot be fetched' },
  request_gone: { kind: 'gone', message: 'the request was answered or has expired' },
  request_taken: { kind: 'conflict', message: 'another wallet has opened the request' },
  request_malformed: { kind: 'bad-input', message: 'the request is not in the form of OpenID4VP 1.0' },
  request_unsigned: { kind: 'denied', message: 'the request is not a signed request object' },
  request_signature_invalid: {
    kind: 'proof-failed',
    message: 'the signature of the request does not verify',
  },
  request_expired: { kind: 'gone', message: 'the request object has expired' },
  request_wrong_audience: { kind: 'denied', message: 'the request is not addressed to a wallet' },
  request_client_prefix: { kind: 'unsupported', message: 'only verifiers named by a DID are answered' },
  request_client_mismatch: { kind: 'denied', message: 'link and request object name different verifiers' },
  request_response_mode: {
    kind: 'unsupported',
    message: 'only encrypted answers (direct_post.jwt) are given',
  },
  request_nonce_missing: { kind: 'bad-input', message: 'the request has no usable nonce' },
  request_wallet_nonce: { kind: 'denied', message: 'the request object does not repeat the wallet nonce' },
  request_uri_method: { kind: 'bad-input', message: 'request_uri_method is neither get nor post' },
  request_transaction_data: { kind: 'unsupported', message: 'transaction data is not supported' },
  request_encryption_key: { kind: 'bad-input', message: 'the request has no usable encryption key' },
  request_query_unsupported: {
    kind: 'unsupported',
    message: 'the query asks for what no card here can hold',
  },
  request_changed: { kind: 'conflict', message: 'the request changed since it was shown' },
  request_unknown: { kind: 'not-found', message: 'no such request is waiting' },
  verifier_unknown: { kind: 'denied', message: 'the verifier is not in the registry' },
  app_unknown: { kind: 'denied', message: 'the app that asks is not in the registry' },
  app_claim_unregistered: { kind: 'denied', message: 'the app is not registered for a claim that is asked' },
  handle_not_for_verifier: {
    kind: 'denied',
    message: 'the subscription handle is only for sign-in bridges of the registry',
  },
  no_matching_card: { kind: 'not-found', message: 'no card here answers the request' },
  response_undelivered: { kind: 'unavailable', message: 'the answer could not be delivered' },
  response_refused: { kind: 'denied', message: 'the verifier did not accept the answer' },

  registry_unavailable: { kind: 'unavailable', message: 'the registry cannot be asked' },
  resolver_unavailable: { kind: 'unavailable', message: 'the DID resolver cannot be asked' },
  answer_unproven: { kind: 'proof-failed', message: 'the node did not prove what it says' },
  answer_stale: { kind: 'proof-failed', message: 'what the node proves is too old, or a clock is wrong' },
  card_unknown: { kind: 'not-found', message: 'no such card' },
} as const;

export type WalletErrorCode = keyof typeof walletErrors;

export const fail = errorsOf(walletErrors);
