import { isAnyDid, MAIN_NETWORK } from '../syntax/did-syntax.ts';

// Own grammars instead of a URL parser: validators must decide alike on every runtime, for ever.
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST = `(?:${LABEL}\\.)*${LABEL}`;
const PORT = '(?::[1-9][0-9]{0,4})?';
const PCHAR = "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-F]{2})";
const TAIL = `(?:/${PCHAR}*)*(?:\\?(?:${PCHAR}|[/?])*)?`;
const HTTPS_URL = new RegExp(`^https://${HOST}${PORT}${TAIL}$`);
const LOOPBACK_URL = new RegExp(`^http://(?:localhost|127\\.0\\.0\\.1)${PORT}${TAIL}$`);
const MAX_LENGTH = 512;

/**
 * specs/did-mno.md §5.2: https without user information or fragment; plain http only to the same
 * machine and never on the main network.
 */
export const isServiceUrl = (url: string, network: string): boolean =>
  url.length <= MAX_LENGTH && (HTTPS_URL.test(url) || (network !== MAIN_NETWORK && LOOPBACK_URL.test(url)));

/** §5.2: no scheme that can carry a phone number or an address of a person (`tel:`, `sip:`, `mailto:`). */
export const isAlsoKnownAs = (uri: string): boolean =>
  uri.length <= MAX_LENGTH && (HTTPS_URL.test(uri) || isAnyDid(uri));
