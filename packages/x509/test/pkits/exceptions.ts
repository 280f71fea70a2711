/** Cases where we answer otherwise than the suite expects, on purpose: by id, the code we answer and why. */
export const EXCEPTIONS: Readonly<Record<string, { readonly code: string; readonly reason: string }>> = {
  '4.1.4': {
    code: 'algorithm_refused',
    reason: 'DSA with SHA-1: no DSA in 3GPP profiles, and SHA-1 is refused (TS 33.310 cl. 6.1.1)',
  },
  '4.1.5': { code: 'algorithm_refused', reason: 'as 4.1.4; also keys with inherited parameters' },
  '4.2.4': {
    code: 'time_form',
    reason:
      'GeneralizedTime before 2050, which RFC 5280 §4.1.2.5 forbids CAs; the ledger takes one form only',
  },
};

/** Cases about revocation lists. What a validator of the ledger knows of status comes from the ledger. */
export const needsRevocationLists = (id: string): boolean =>
  /^4\.(4|5|14|15)\./.test(id) || id === '4.7.4' || id === '4.7.5';
