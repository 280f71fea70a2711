/**
 * Cases that do not apply: what they are about is refused here before their point is reached. By id, the
 * code we answer and why.
 */
export const EXCEPTIONS: Readonly<Record<string, { readonly code: string; readonly reason: string }>> = {
  '4.1.4': {
    code: 'algorithm_refused',
    reason: 'DSA with SHA-1: no DSA in 3GPP profiles, and SHA-1 is refused (TS 33.310 cl. 6.1.1)',
  },
  '4.1.5': { code: 'algorithm_refused', reason: 'as 4.1.4; also keys with inherited parameters' },
  '4.1.6': { code: 'der_structure', reason: 'as 4.1.4; the broken signature is no string of whole bytes' },
  '4.2.4': {
    code: 'time_form',
    reason:
      'GeneralizedTime before 2050, which RFC 5280 §4.1.2.5 forbids CAs; the ledger takes one form only',
  },
  '4.2.7': { code: 'time_form', reason: 'as 4.2.4, in the start of the validity; invalid either way' },
  '4.4.15': {
    code: 'serial_negative',
    reason: 'negative serial numbers are refused (RFC 5280 §4.1.2.2), revoked or not; invalid either way',
  },
};

/** For each section the codes that refuse its invalid cases for the reason that it tests. */
export const REFUSALS: Readonly<Record<string, RegExp>> = {
  '4.1': /^path_untrusted$/,
  '4.2': /^path_(not_yet_valid|expired)$/,
  '4.3': /^path_untrusted$/,
  '4.4': /^path_(revoked|status_unknown)$/,
  '4.5': /^path_(revoked|not_ca)$/,
  '4.6': /^path_(not_ca|length)$/,
  '4.7': /^path_(key_usage|status_unknown)$/,
  '4.8': /^path_policy$/,
  '4.9': /^path_policy$/,
  '4.10': /^path_policy(_mapping)?$/,
  '4.11': /^path_policy$/,
  '4.12': /^path_policy$/,
  '4.13': /^path_name_(excluded|not_permitted)$/,
  '4.14': /^path_(revoked|status_unknown)$/,
  '4.15': /^path_(revoked|status_unknown)$/,
  '4.16': /^extension_critical_unknown$/,
};
