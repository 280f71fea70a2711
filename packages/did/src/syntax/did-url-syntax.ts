import { fail } from '../errors.ts';
import { isDid, type ParsedDid, parseDid } from './did-syntax.ts';

export interface ParsedDidUrl extends ParsedDid {
  readonly didUrl: string;
  /** With its leading slash; empty where there is none. */
  readonly path: string;
  /** Percent-decoded; a name occurs once. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Without `#`; absent where there is none. */
  readonly fragment?: string;
}

/** Names of verification methods and services inside a document. */
const FRAGMENT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export const isFragmentName = (text: string): boolean => FRAGMENT_NAME.test(text);

const PCHAR = "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";
const DID_URL = new RegExp(
  `^([^/?#]*)((?:/${PCHAR}*)*)(?:\\?((?:${PCHAR}|[/?])*))?(?:#((?:${PCHAR}|[/?])*))?$`,
);
const MAX_LENGTH = 2048;

/**
 * DID 1.1 §3.2 over RFC 3986 characters; the part before path, query and fragment must be a DID of
 * this method by itself, so nothing encoded can leak into the identifier.
 * @throws AppError invalid_did_url
 */
export function parseDidUrl(text: string): ParsedDidUrl {
  const [, did, path, query, fragment] = (text.length <= MAX_LENGTH && DID_URL.exec(text)) || [];
  if (did === undefined || !isDid(did)) throw fail('invalid_did_url');
  return {
    ...parseDid(did),
    didUrl: text,
    path: path ?? '',
    parameters: parseParameters(query ?? ''),
    ...(fragment === undefined ? {} : { fragment }),
  };
}

/** DID Resolution v1 §13.7: a repeated parameter is refused. @throws AppError invalid_did_url */
function parseParameters(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const item of query === '' ? [] : query.split('&')) {
    const [name = '', ...value] = item.split('=');
    const key = percentDecode(name);
    if (key === '' || parameters.has(key)) throw fail('invalid_did_url', { field: 'query' });
    parameters.set(key, percentDecode(value.join('=')));
  }
  return parameters;
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw fail('invalid_did_url', { field: 'query', cause });
  }
}
