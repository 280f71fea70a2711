import type { DidResolver } from '@attestel/did';
import { fail } from '../../errors.ts';

/** Type of the service in a party's DID document under which its node takes parcels. */
export const CONTRACTS_SERVICE = 'AttestelContracts';

export interface PeerOptions {
  readonly resolver: DidResolver;
  /** Base URLs by DID; they go before DID documents. */
  readonly peers?: { readonly [did: string]: string };
  /** Whether a DID document may name plain HTTP, as in tests. */
  readonly allowHttp?: boolean;
}

/** Base URL of a party's node, without a slash at its end. @throws AppError peer_unknown, exchange_unreachable */
export async function findPeer(
  { resolver, peers = {}, allowHttp }: PeerOptions,
  did: string,
): Promise<string> {
  const configured = Object.hasOwn(peers, did) ? peers[did] : undefined;
  if (configured !== undefined) return withoutSlash(configured);
  const { didDocument, didResolutionMetadata } = await resolver.resolve(did);
  if (didResolutionMetadata.error === 'INTERNAL_ERROR') throw fail('exchange_unreachable');
  const url = didDocument?.service?.find(({ type }) => type === CONTRACTS_SERVICE)?.serviceEndpoint;
  if (url === undefined || !isAllowed(url, allowHttp === true)) throw fail('peer_unknown');
  return withoutSlash(url);
}

function isAllowed(text: string, allowHttp: boolean): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  // A base is extended by paths: nothing else may stand behind it, and no password before it.
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (allowHttp && url.protocol === 'http:');
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
