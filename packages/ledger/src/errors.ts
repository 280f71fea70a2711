import { AppError, errorsOf } from '@attestel/core';

export const errors = {
  operation_invalid: { kind: 'bad-input', message: 'operation does not follow its format' },
  operation_too_large: { kind: 'too-large', message: 'operation is larger than the ledger takes' },
  operation_unknown: { kind: 'not-found', message: 'no such operation in the log' },
  attachment_gone: { kind: 'gone', message: 'no attachment of that operation is kept here' },
  entry_withheld: {
    kind: 'denied',
    message: 'stands in a channel that is not public; show a party token of somebody who may read it',
  },
  tile_unknown: { kind: 'not-found', message: 'no such tile in this log' },
  bundle_too_large: {
    kind: 'not-found',
    message: 'an entry does not fit into a bundle; ask /v1/ledger/entries for them',
  },
  attachment_unwanted: { kind: 'bad-input', message: 'operations of that module have no attachment' },
  operation_duplicate: { kind: 'conflict', message: 'this operation is already in the log' },
  operation_expired: { kind: 'conflict', message: 'block time is past notAfter' },
  operation_valid_too_long: { kind: 'bad-input', message: 'notAfter is too far ahead of block time' },
  wrong_network: { kind: 'bad-input', message: 'operation is for another network' },
  wrong_namespace: { kind: 'bad-input', message: 'this ledger does not keep that namespace' },
  unknown_module: { kind: 'bad-input', message: 'this ledger has no such module' },
  wrong_ordering: { kind: 'bad-input', message: 'module orders its operations by the other field' },
  signature_missing: { kind: 'bad-input', message: 'operation needs a signature' },
  signature_invalid: { kind: 'denied', message: 'signature does not verify' },
  not_signed_by_actor: { kind: 'denied', message: 'no signature is by a ledger key of the actor' },
  sequence_conflict: { kind: 'conflict', message: 'not the next operation of this actor' },
  version_missing: {
    kind: 'unavailable',
    message:
      'governance has scheduled a version of the state machine that this program does not have; update it',
  },
  module_failed: { kind: 'internal', message: 'the module failed on this operation' },
  state_key_invalid: { kind: 'bad-input', message: 'state key is malformed or too long' },
  genesis_missing: { kind: 'bad-input', message: 'a new ledger needs its genesis' },
  genesis_mismatch: { kind: 'conflict', message: 'the ledger began with another genesis' },
  genesis_refused: { kind: 'bad-input', message: 'the genesis cannot be executed' },
  store_mismatch: { kind: 'conflict', message: 'the store holds another ledger' },
  store_damaged: { kind: 'internal', message: 'the store does not hold a complete ledger' },
  store_in_use: { kind: 'conflict', message: 'another process has the store open for writing' },
  ledger_busy: { kind: 'too-many', message: 'too many operations are waiting' },
  too_many_streams: {
    kind: 'too-many',
    message: 'too many event streams are open, of all or of this address',
  },
  ledger_closed: { kind: 'unavailable', message: 'the ledger is closed' },
  ledger_halted: { kind: 'unavailable', message: 'the ledger halted after a failed commit; reopen it' },
  outcome_unknown: { kind: 'unavailable', message: 'the commit failed; ask again after the ledger reopens' },
  clock_leap: {
    kind: 'unavailable',
    message: 'the clock is too far ahead of the last block; check it, then allow the leap',
  },
  checkpoint_not_signed: { kind: 'unavailable', message: 'the checkpoint could not be signed' },
  cosign_refused: {
    kind: 'conflict',
    message: 'this node has cosigned another or a later checkpoint; its store is not the newest',
  },
  proof_unavailable: { kind: 'unavailable', message: 'no checkpoint is signed yet that could prove it' },
  cose_unavailable: { kind: 'not-found', message: 'this node signs no COSE receipts' },
  checkpoint_unknown: { kind: 'not-found', message: 'no such checkpoint is kept' },
  envelope_invalid: { kind: 'bad-input', message: 'not a list of encoded operations' },
  engine_missing: {
    kind: 'unavailable',
    message:
      'no CometBFT engine: set ATTESTEL_COMETBFT to its binary, or install Go 1.25 or newer and let it be built',
  },
  engine_not_built: {
    kind: 'unavailable',
    message: 'CometBFT could not be built; is the Go module proxy reachable?',
  },
  engine_home_invalid: {
    kind: 'conflict',
    message: 'the home of the engine belongs to another node or network',
  },
  not_final: {
    kind: 'unavailable',
    message:
      'no block holds the operation yet; it may still come: ask again, or submit the same operation again',
  },
  snapshot_invalid: {
    kind: 'proof-failed',
    message: 'the snapshot does not lead to the checkpoint it is for',
  },
  query_invalid: { kind: 'bad-input', message: 'query parameter is unknown or out of range' },
  batch_invalid: { kind: 'bad-input', message: 'body is not a batch of operations' },
  following_stopped: {
    kind: 'unavailable',
    message: 'this node found the log at fault and follows it no further; see /v1/ledger/alarms',
  },
  alarm_unknown: {
    kind: 'conflict',
    message: 'this node never raised the alarm that its configuration acknowledges',
  },
  export_invalid: { kind: 'bad-input', message: 'not an export of this format' },
  log_invalid: { kind: 'proof-failed', message: 'the log does not verify' },
  ledger_unreachable: { kind: 'unavailable', message: 'nothing answers there; is the node running?' },
  answer_invalid: { kind: 'unavailable', message: 'the ledger answered in an unknown form' },
} as const;

export type LedgerErrorCode = keyof typeof errors;

export const fail = errorsOf(errors);

/** Names field and rule of a malformed operation; never repeats what stood there. */
export const invalidOperation = (field: string, rule: string): AppError<'operation_invalid'> =>
  new AppError('operation_invalid', { ...errors.operation_invalid, message: rule }, { field });
