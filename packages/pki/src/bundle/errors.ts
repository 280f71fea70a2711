import { errorsOf } from '@attestel/core';

/** Why a bundle is not given or not believed, or a cross-certificate not made. Messages name the rule only. */
export const errors = {
  bundle_unknown: { kind: 'not-found', message: 'no trust bundle of that name' },
  bundle_ambiguous: {
    kind: 'conflict',
    message: 'several operators speak for the PLMN: name one by its DID',
  },
  bundle_too_large: { kind: 'too-large', message: 'the trust bundle has more members than a proof holds' },
  bundle_malformed: { kind: 'bad-input', message: 'malformed trust bundle' },
  cross_without_name: { kind: 'bad-input', message: 'an anchor without DNS names is not cross-certified' },
  cross_own_anchor: { kind: 'bad-input', message: 'the anchor has the key of the ledger root itself' },
  cross_key_mismatch: { kind: 'internal', message: 'the key is not that of the ledger root' },
  cross_path_length: { kind: 'bad-input', message: 'the root may not certify other authorities' },
  cross_over: { kind: 'conflict', message: 'the trust that the cross-certificate would show is over' },
} as const;

export const fail = errorsOf(errors);
