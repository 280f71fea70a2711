import type { DIDResolutionResult, DIDResolver } from 'did-resolver';
import { isDid } from '../syntax/did-syntax.ts';
import { parseDidUrl } from '../syntax/did-url-syntax.ts';
import type { DidResolution, DidResolver } from '../types.ts';
import { resolutionError } from './resolution-error.ts';
import { toCore10View } from './views.ts';

/** Driver for did-resolver 6: `new Resolver(getResolver(source))`. Errors are its words. */
export function getResolver(source: DidResolver): { mno: DIDResolver } {
  const mno: DIDResolver = async (did, parsed) =>
    toCore10View(await resolveParsed(source, did, parsed.didUrl)) as unknown as DIDResolutionResult;
  mno.parser = (parsed) => (isDid(parsed.did) ? parsed : null);
  return { mno };
}

/** Versions are asked for in the DID URL; did-resolver hands its query over unread. */
async function resolveParsed(source: DidResolver, did: string, didUrl: string): Promise<DidResolution> {
  let parameters: ReadonlyMap<string, string>;
  try {
    ({ parameters } = parseDidUrl(didUrl));
  } catch {
    return resolutionError('INVALID_DID_URL');
  }
  const known = ['versionId', 'versionTime'];
  if ([...parameters.keys()].some((name) => !known.includes(name))) {
    return resolutionError('FEATURE_NOT_SUPPORTED');
  }
  const versionId = parameters.get('versionId');
  const versionTime = parameters.get('versionTime');
  return source.resolve(did, {
    ...(versionId === undefined ? {} : { versionId }),
    ...(versionTime === undefined ? {} : { versionTime }),
  });
}
