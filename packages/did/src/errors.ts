import { errorsOf } from '@attestel/core';

/** Every way this package refuses. Messages name the rule, never the input. */
export const didErrors = {
  invalid_did: { kind: 'bad-input', message: 'not a did:mno identifier', wire: 'invalidDid' },
  invalid_did_url: { kind: 'bad-input', message: 'not a did:mno DID URL', wire: 'invalidDidUrl' },
  invalid_genesis: { kind: 'bad-input', message: 'genesis is not in the form of specs/did-mno.md' },
  invalid_operation: { kind: 'bad-input', message: 'operation is not in the form of specs/did-mno.md' },
  invalid_document: {
    kind: 'bad-input',
    message: 'document template is not in the form of specs/did-mno.md',
  },
  unknown_kind: { kind: 'unsupported', message: 'unknown operation kind' },
  wrong_network: { kind: 'bad-input', message: 'made for another network or namespace' },
  genesis_mismatch: { kind: 'proof-failed', message: 'the DID is not the hash of this genesis' },
  document_missing: { kind: 'bad-input', message: 'the operation comes without its document' },
  document_mismatch: { kind: 'proof-failed', message: 'the document is not the one committed to' },
  did_exists: { kind: 'conflict', message: 'the DID is already on the ledger' },
  did_not_found: { kind: 'not-found', message: 'no such DID on this ledger' },
  did_deactivated: { kind: 'gone', message: 'the DID is deactivated' },
  wrong_previous: { kind: 'conflict', message: "previous is not the DID's last operation" },
  key_not_committed: { kind: 'denied', message: 'a revealed key was not committed to beforehand' },
  key_reused: { kind: 'denied', message: 'a key has another use in this DID or had one before' },
  signature_missing: { kind: 'denied', message: 'a revealed key did not sign' },
  signature_foreign: { kind: 'denied', message: 'signed by a key that is none of the revealed ones' },
  signature_invalid: { kind: 'proof-failed', message: 'a signature does not verify' },
  operation_differs: { kind: 'bad-input', message: 'the parts are signatures over different operations' },
  threshold_not_met: { kind: 'denied', message: 'fewer signatures than the threshold' },
  control_keys_differ: {
    kind: 'conflict',
    message: 'an earlier attempt made other control keys under these names',
  },
  key_not_found: { kind: 'not-found', message: 'the DID document has no such verification method' },
  key_not_authorized: { kind: 'denied', message: 'the key is not authorised for this purpose' },
  resolution_failed: { kind: 'unavailable', message: 'the DID could not be resolved' },
  token_missing: { kind: 'unauthenticated', message: 'a bearer token is required' },
  token_invalid: { kind: 'unauthenticated', message: 'the token is not acceptable', wire: 'invalid_token' },
  token_expired: { kind: 'unauthenticated', message: 'the token has expired', wire: 'invalid_token' },
  party_inactive: { kind: 'denied', message: 'the party is not active here', wire: 'insufficient_scope' },
} as const;

export type DidErrorCode = keyof typeof didErrors;

export const fail = errorsOf(didErrors);
