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
  checkpoint_unavailable: {
    kind: 'unavailable',
    message: 'the checkpoint of a receipt could not be fetched',
  },
  proof_missing: { kind: 'proof-failed', message: 'the answer comes without a proof' },
  proof_malformed: { kind: 'proof-failed', message: 'the proof is not in the form of specs/did-mno.md' },
  proof_mixed: { kind: 'proof-failed', message: 'the receipts are of different checkpoints' },
  proof_incomplete: { kind: 'proof-failed', message: 'the proof does not cover all that is said' },
  proof_wrong_version: { kind: 'proof-failed', message: 'the proof is of another version than asked for' },
  receipt_wrong_subject: { kind: 'proof-failed', message: 'the receipt is about something else' },
  not_found_disproved: {
    kind: 'proof-failed',
    message: 'the ledger has what is said not to be found (its document was erased or is held back)',
  },
  resolution_differs: { kind: 'proof-failed', message: 'the answer says something else than its proof' },
  resolution_failed: { kind: 'unavailable', message: 'the DID could not be resolved' },
  token_missing: { kind: 'unauthenticated', message: 'a bearer token is required' },
  token_invalid: { kind: 'unauthenticated', message: 'the token is not acceptable', wire: 'invalid_token' },
  token_expired: { kind: 'unauthenticated', message: 'the token has expired', wire: 'invalid_token' },
  party_inactive: { kind: 'denied', message: 'the party is not active here', wire: 'insufficient_scope' },
} as const;

export type DidErrorCode = keyof typeof didErrors;

export const fail = errorsOf(didErrors);
