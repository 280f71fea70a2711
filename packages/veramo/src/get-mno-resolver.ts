import { type DidResolver, getResolver } from '@attestel/did';
import type { DIDResolutionOptions, DIDResolutionResult } from '@veramo/core-types';

/** What a resolver of did-resolver 4 is called with, as far as it is looked at. */
type VeramoResolver = (
  did: string,
  parsed: { readonly didUrl: string },
  resolver: unknown,
  options: DIDResolutionOptions,
) => Promise<DIDResolutionResult>;

/** Forms of the DID Core 1.0 view, which is what Veramo's plugins read. */
const ACCEPTED = ['application/did+ld+json', 'application/did+json', 'application/did', '*/*'];

/**
 * Driver for Veramo's `DIDResolverPlugin`, which holds did-resolver 4: `new DIDResolverPlugin(getMnoResolver(source))`.
 * Version 4 hands options over that version 6 has no place for; `versionId` and `versionTime` are honoured
 * there as in a DID URL, and an option that nobody knows is refused (DID Resolution v1 §4).
 */
export function getMnoResolver(source: DidResolver): { mno: VeramoResolver } {
  const { mno } = getResolver(source);
  return {
    async mno(did, parsed, _resolver, { accept, ...options }) {
      if (accept !== undefined && !ACCEPTED.includes(accept)) return refused('representationNotSupported');
      const added = Object.entries(options).filter(([, value]) => value !== undefined);
      if (added.some(([name]) => name !== 'versionId' && name !== 'versionTime')) {
        return refused('featureNotSupported');
      }
      const didUrl = withParameters(parsed.didUrl, new URLSearchParams(added as [string, string][]));
      // Of what version 6 parses, its driver reads the DID URL alone.
      const asked = { did, didUrl, method: 'mno', id: did.slice('did:mno:'.length) };
      // Version 4 does not know of a driver's parser.
      if (mno.parser?.(asked) === null) return refused('invalidDid');
      return (await mno(did, asked, NO_RESOLVER, {})) as DIDResolutionResult;
    },
  };
}

const NO_RESOLVER = {
  resolve: () => Promise.reject(new TypeError('did:mno resolves nothing through other methods')),
};

/** A parameter that stands in the DID URL already is then there twice, and refused as such. */
function withParameters(didUrl: string, parameters: URLSearchParams): string {
  if (parameters.size === 0) return didUrl;
  const [address = '', fragment] = didUrl.split('#', 2);
  const joined = `${address}${address.includes('?') ? '&' : '?'}${parameters}`;
  return fragment === undefined ? joined : `${joined}#${fragment}`;
}

const refused = (error: string): DIDResolutionResult => ({
  didResolutionMetadata: { error },
  didDocument: null,
  didDocumentMetadata: {},
});
