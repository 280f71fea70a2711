/**
 * Absolute web URLs in one spelling, by pattern. The platform's URL parser is not used: what it accepts
 * and how it maps host names changes between Node versions, and every validator must decide alike.
 */
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
// The last label starts with a letter: so no number passes for an address.
const HOST = `(?:${LABEL}\\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?`;
const LOOPBACK = '(?:localhost|127\\.0\\.0\\.1|\\[::1\\])';
const PORT = '(?::[1-9][0-9]{0,4})?';
// RFC 3986 §3.3 pchar without `*`, which some servers read as a wildcard.
const PCHAR = "(?:[A-Za-z0-9._~!$&'()+,;=:@-]|%[0-9A-Fa-f]{2})";
const PATH = `(?:/${PCHAR}*)*`;
const QUERY = `(?:\\?(?:${PCHAR}|[/?])*)?`;

const ORIGIN = `(?:https://(?:${HOST}|${LOOPBACK})|http://${LOOPBACK})${PORT}`;
const WEB_URL = new RegExp(`^${ORIGIN}${PATH}${QUERY}$`);
/** `.` and `..`, also percent-encoded: parsers remove them, so they would have a second spelling. */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?=$|[/?])/i;

const MAX_URL = 300;

/** The rule a redirect URI breaks, or undefined (OIDC reference §4.5: exact match, no custom scheme). */
export function redirectUriFault(uri: string): string | undefined {
  if (uri.length > MAX_URL) return `must have at most ${MAX_URL} characters`;
  if (uri.includes('#')) return 'must have no fragment';
  if (uri.includes('*')) return 'must have no wildcard';
  if (/^https?:\/\/[^/?]*@/.test(uri)) return 'must have no user info';
  if (/^http:\/\//.test(uri) && !new RegExp(`^http://${LOOPBACK}(?=$|[:/?])`).test(uri)) {
    return 'must be https, or http on localhost, 127.0.0.1 or [::1]';
  }
  if (!/^https?:\/\//.test(uri)) return 'must be an absolute https URL';
  if (!WEB_URL.test(uri) || !validPort(uri) || DOT_SEGMENT.test(uri)) {
    return 'must be a URL in normal form: lower-case host, no dot segments, percent-encoded where needed';
  }
  return undefined;
}

/** An issuer's or bridge's identifier: as above, without query and without a slash at the end. */
export function serviceUrlFault(url: string): string | undefined {
  if (url.includes('?')) return 'must have no query';
  if (url.endsWith('/')) return 'must not end with a slash';
  return redirectUriFault(url);
}

function validPort(url: string): boolean {
  const port = new RegExp(`^${ORIGIN}`).exec(url)?.[0].match(/:(\d+)$/)?.[1];
  return port === undefined || Number(port) <= 65_535;
}
