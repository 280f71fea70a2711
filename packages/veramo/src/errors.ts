import { errorsOf } from '@attestel/core';

/** Every way this package refuses by itself; packages did and keystore and the ledger add theirs. */
export const veramoErrors = {
  option_unknown: { kind: 'unsupported', message: 'the provider for did:mno knows no such option' },
  key_unsupported: { kind: 'unsupported', message: 'did:mno holds Ed25519 and Secp256r1 keys only' },
  key_unknown: { kind: 'not-found', message: 'the DID document has no such key' },
  service_unsupported: { kind: 'unsupported', message: 'a service needs an id of this DID and one URL' },
  service_unknown: { kind: 'not-found', message: 'the DID document has no such service' },
  control_key_missing: {
    kind: 'denied',
    message: 'the key store does not hold the keys that may make the next change',
  },
  did_unresolved: { kind: 'unavailable', message: 'the DID could not be resolved' },
  did_deactivated: { kind: 'gone', message: 'the DID is deactivated' },
} as const;

export type VeramoErrorCode = keyof typeof veramoErrors;

export const fail = errorsOf(veramoErrors);
