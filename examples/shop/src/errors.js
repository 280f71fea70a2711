/** OAuth error codes that a customer can do something about; everything else is ours to repair. */
const KNOWN = {
  access_denied: 403,
  login_required: 401,
  interaction_required: 401,
  consent_required: 401,
  temporarily_unavailable: 503,
};

const UNREACHABLE = ['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET', 'UND_ERR_SOCKET', 'OAUTH_TIMEOUT'];

/** Title, advice and status for an error of the sign-in. The cause goes to the log, not to the page. */
export function helpFor(error, t) {
  const codes = [error.error, error.code, error.cause?.code, error.cause?.cause?.code];
  if (codes.some((code) => UNREACHABLE.includes(code)) || error.message === 'fetch failed') {
    return { status: 503, code: 'unreachable', retry: true, ...t.errors.unreachable };
  }
  const code = codes.find((candidate) => candidate in KNOWN);
  if (code) return { status: KNOWN[code], code, retry: true, ...(t.errors[code] ?? t.errors.login_required) };
  return { status: error.status ?? 500, code: String(codes[0] ?? 'unknown'), retry: true, ...t.errors.other };
}
