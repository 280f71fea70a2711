import { errorsOf } from '@attestel/core';

/** Errors of the gateway agent and of its conversation with the IKE daemon. */
export const errors = {
  vici_malformed: { kind: 'internal', message: 'the IKE daemon sent what is no vici message' },
  vici_too_large: { kind: 'bad-input', message: 'a vici message, key or value is too long' },
  vici_refused: { kind: 'internal', message: 'the IKE daemon refused the command' },
  vici_unknown: { kind: 'internal', message: 'the IKE daemon does not know the command or event' },
  vici_closed: { kind: 'internal', message: 'the connection to the IKE daemon is closed' },
  sightings_refused: { kind: 'unavailable', message: 'the node did not take what the gateway sees' },
} as const satisfies Parameters<typeof errorsOf>[0];

export const fail = errorsOf(errors);
