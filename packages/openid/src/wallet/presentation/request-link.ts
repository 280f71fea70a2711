import { fail } from '../errors.ts';
import { parseWebUrl } from '../guarded-fetch.ts';

const MAX_LINK_LENGTH = 8_192;
const DID_CLIENT = /^decentralized_identifier:(did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,400})$/;

/** What a link to a presentation request says; only `client_id` is believed, and only to be compared. */
export interface RequestLink {
  readonly link: string;
  readonly clientId: string;
  readonly verifierDid: string;
  readonly requestUri: URL;
  readonly method: 'get' | 'post';
}

/** True when the link is meant as a presentation request; its content is not looked at. */
export function isRequestLink(link: string): boolean {
  if (link.length > MAX_LINK_LENGTH || !URL.canParse(link)) return false;
  return new URL(link).searchParams.has('client_id');
}

/** Hostile link → parameters (OpenID4VP 1.0 §5.1, §5.9, §5.10). */
export function parseRequestLink(link: string): RequestLink {
  if (!isRequestLink(link)) throw fail('link_malformed');
  const { searchParams } = new URL(link);
  for (const name of new Set(searchParams.keys())) {
    // RFC 6749 §3.1: parameters are not repeated.
    if (searchParams.getAll(name).length > 1) throw fail('link_malformed');
  }
  const clientId = searchParams.get('client_id') ?? '';
  const verifierDid = DID_CLIENT.exec(clientId)?.[1];
  if (verifierDid === undefined) throw fail('request_client_prefix');
  const requestUri = searchParams.get('request_uri');
  if (requestUri === null) throw fail('request_unsigned');
  const method = searchParams.get('request_uri_method') ?? 'get';
  if (method !== 'get' && method !== 'post') throw fail('request_uri_method');
  return { link, clientId, verifierDid, requestUri: parseWebUrl(requestUri, 'request_uri'), method };
}
