import { errorsOf } from '@attestel/core';

/** Why the registry refuses an operation or cannot answer. Messages name the rule, never the input. */
export const errors = {
  registry_body_invalid: { kind: 'bad-input', message: 'the body of the operation is malformed' },
  registry_kind_unknown: { kind: 'bad-input', message: 'the registry has no such kind of operation' },
  registry_founded: { kind: 'conflict', message: 'the registry is founded once, in block 1' },
  registry_not_founded: { kind: 'conflict', message: 'the registry is not founded yet' },
  registry_founder_missing: { kind: 'denied', message: 'every founder must sign the genesis' },
  registry_not_member: { kind: 'denied', message: 'not an active member' },
  registry_votes_missing: { kind: 'denied', message: 'not enough active members signed' },
  registry_subject_unsigned: { kind: 'denied', message: 'the party that this is about must sign it too' },
  registry_exists: { kind: 'conflict', message: 'already registered' },
  registry_unknown: { kind: 'not-found', message: 'not registered' },
  registry_status: { kind: 'conflict', message: 'already in that status' },
  registry_role: { kind: 'denied', message: 'the member lacks the role this needs' },
  registry_url_taken: { kind: 'conflict', message: 'another registration has this URL' },
  registry_name_taken: { kind: 'conflict', message: 'an active app has a name that looks the same' },
  registry_not_yours: { kind: 'denied', message: 'only the member that registered the app may do this' },
  registry_secret_version: { kind: 'conflict', message: 'the secret version must not go back' },
  registry_threshold: {
    kind: 'conflict',
    message: 'fewer active members would be left than the votes that are needed',
  },
  channel_body_invalid: { kind: 'bad-input', message: 'the body of the operation is malformed' },
  channel_kind_unknown: { kind: 'bad-input', message: 'channels have no such kind of operation' },
  channel_unknown: { kind: 'not-found', message: 'no such channel' },
  channel_exists: { kind: 'conflict', message: 'a channel of that name was opened before' },
  channel_closed: { kind: 'denied', message: 'the channel, or one above it, is not open at this time' },
  channel_not_writer: { kind: 'denied', message: 'not a writer of this channel at this time' },
  channel_not_governor: { kind: 'denied', message: 'not a governor of this channel' },
  channel_votes_missing: { kind: 'denied', message: 'not enough governors of the channel signed' },
  channel_not_above: {
    kind: 'denied',
    message: 'a channel is governed in its own namespace or in the one above it',
  },
  registry_unavailable: { kind: 'unavailable', message: 'the registry did not answer as expected' },
} as const;

export const fail = errorsOf(errors);
