import type { State } from '@attestel/ledger';
import { fail } from '../errors.ts';
import type { Collection } from '../state/collections.ts';

/** A URL stays with the first DID that was accredited for it, also after that one moved elsewhere. */
export function claimUrl(
  state: State,
  urls: Collection<string>,
  claim: { readonly url: string; readonly did: string; readonly field: string },
): void {
  const owner = urls.get(state, claim.url);
  if (owner !== undefined && owner !== claim.did) throw fail('registry_url_taken', { field: claim.field });
  urls.put(state, claim.url, claim.did);
}
