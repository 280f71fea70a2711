import { AppError, type ErrorOptions, type ErrorRow } from '@attestel/core';

/** Why a TLS peer is refused. Messages name the rule, never the input. */
export const errors = {
  tls_trust_unknown: { kind: 'unavailable', message: 'no node has told yet whom to trust' },
  tls_trust_stale: {
    kind: 'unavailable',
    message: 'what is known of the ledger is too old to trust anybody',
  },
  tls_no_certificate: { kind: 'denied', message: 'the peer showed no certificate, or too many' },
  tls_handshake: { kind: 'denied', message: 'the TLS handshake failed' },
  tls_untrusted: { kind: 'denied', message: 'the peer’s certificate leads to no root that is trusted here' },
  tls_path: { kind: 'denied', message: 'the path of the peer’s certificate does not hold' },
  tls_profile: { kind: 'denied', message: 'the peer’s certificate is not written as its role wants it' },
  tls_slice: { kind: 'denied', message: 'the peer’s certificate is for other slices' },
  tls_nf_type: { kind: 'denied', message: 'no relation is about all network function types of the peer' },
  tls_name: { kind: 'denied', message: 'the peer’s certificate is for another name' },
  tls_standing: { kind: 'denied', message: 'the peer’s certificate is not good on the ledger' },
  tls_other_anchor: { kind: 'denied', message: 'published under another root, or for another role' },
} as const satisfies Record<string, ErrorRow>;

export type PeerErrorCode = keyof typeof errors;

/**
 * Names the version of the trust list that decided: whoever is refused can see whether it is an old one.
 * @param version undefined where no trust list was there to decide
 */
export function refuse(
  code: PeerErrorCode,
  version: number | undefined,
  options: ErrorOptions = {},
): AppError {
  const { kind, message } = errors[code];
  if (version === undefined) return new AppError(code, { kind, message }, options);
  const row = { kind, message: `${message} (trust list version ${version})` };
  return new AppError(code, row, { ...options, extra: { ...options.extra, trustVersion: version } });
}
