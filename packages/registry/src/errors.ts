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
  registry_unavailable: { kind: 'unavailable', message: 'the registry did not answer as expected' },
} as const;

export const fail = errorsOf(errors);
