import { errorsOf } from '@attestel/core';

/** Why the scenario host refuses. Messages name the rule, never the input. */
export const errors = {
  invalid_argument: { kind: 'bad-input', message: 'does not follow the schema' },
  out_of_range: { kind: 'bad-input', message: 'is outside of what the rules allow' },
  permission_denied: { kind: 'denied', message: 'not allowed to this party' },
  not_found: { kind: 'not-found', message: 'no such thing' },
  party_unknown: { kind: 'bad-input', message: 'is no party of this channel' },
  module_unknown: { kind: 'not-found', message: 'no module with this digest or name and version' },
  command_unknown: { kind: 'not-found', message: 'the module has no such command' },
  query_unknown: { kind: 'not-found', message: 'the module has no such query' },
  query_too_wide: { kind: 'conflict', message: 'would look at more than 100,000 objects; ask for fewer' },
  gone: { kind: 'gone', message: 'the payload was erased' },
  conflict: { kind: 'conflict', message: 'the present state does not allow it' },
  already_exists: { kind: 'conflict', message: 'exists already' },
  head_conflict: { kind: 'conflict', message: 'the object was changed meanwhile; see the present head' },
  notice_too_short: { kind: 'bad-input', message: 'takes effect before the notice is over' },
  vault_damaged: { kind: 'internal', message: 'what is kept, or its key, was changed or cut off' },
  totals_differ: { kind: 'bad-input', message: 'the total is not the sum of its rows' },
  currency_mismatch: { kind: 'bad-input', message: 'is in another currency than the agreement' },
  copy_differs: { kind: 'proof-failed', message: 'is not the copy that the other party has' },
  sequence_gap: { kind: 'conflict', message: 'a file before it is missing' },
  sequence_repeated: { kind: 'conflict', message: 'a file with this number was received already' },
  exchange_malformed: { kind: 'bad-input', message: 'not a sealed parcel as it should be' },
  exchange_key_unknown: {
    kind: 'conflict',
    message: 'sealed to a key that is not in use; ask for the key again',
  },
  exchange_unauthenticated: {
    kind: 'unauthenticated',
    message: 'not signed by a key of its sender, for another receiver, or too old',
  },
  exchange_denied: { kind: 'denied', message: 'the sender may not send here' },
  exchange_unreachable: { kind: 'unavailable', message: 'the other party cannot be reached at present' },
  exchange_refused: { kind: 'conflict', message: 'the other party does not take it' },
  peer_unknown: { kind: 'not-found', message: 'the party names no node that takes parcels' },
  peer_untrusted: { kind: 'proof-failed', message: 'what answers in the name of the party is not the party' },
  webhook_refused: { kind: 'unavailable', message: 'the receiver of events did not take one' },
  credential_unverifiable: {
    kind: 'unavailable',
    message: 'the DID of an issuer cannot be looked up at present',
  },
  payload_missing: { kind: 'unavailable', message: 'the newest payload of the object has not come yet' },
  disputed: { kind: 'conflict', message: 'a party disputes the last line of the object' },
  too_many_heads: { kind: 'conflict', message: 'moves more objects and credentials than a line holds' },
  channel_key_missing: { kind: 'unavailable', message: 'the key of the channel has not come yet' },
  outcome_unknown: { kind: 'unavailable', message: 'nobody knows yet whether the ledger took it; ask again' },
  line_unknown: { kind: 'unavailable', message: 'the ledger at this node does not have the line yet' },
  digest_mismatch: { kind: 'proof-failed', message: 'is not what the line commits to' },
  evidence_forged: {
    kind: 'proof-failed',
    message: 'is not what the lines of the ledger make of it',
  },
  audit_running: {
    kind: 'too-many',
    message: 'an audit for this requester is running, or too many for others are; ask again when it is done',
  },
  stopped: { kind: 'unavailable', message: 'given up, since nobody waits for the answer any more' },
  not_shared: { kind: 'unsupported', message: 'cannot be done where every node executes the module' },
  cosignature_missing: {
    kind: 'unavailable',
    message: 'another party of the object has to sign too, and did not',
  },
  consent_required: { kind: 'denied', message: 'the person has not agreed to it' },
  consent_scope: { kind: 'denied', message: 'the person agreed to less data or to another purpose' },
  consent_recipient: { kind: 'denied', message: 'the person agreed to another recipient' },
  consent_expired: { kind: 'denied', message: 'what the person agreed to is over' },
  consent_revoked: { kind: 'denied', message: 'the person has taken the agreement back' },
  access_unrecorded: {
    kind: 'unavailable',
    message: 'nothing is shown: the reading could not be recorded',
  },
  blind_unavailable: {
    kind: 'unavailable',
    message: 'the common key of the channel has not come yet, or its first governor makes none',
  },
} as const;

export type ScenarioErrorCode = keyof typeof errors;

export const fail = errorsOf(errors);
