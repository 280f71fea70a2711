import { fromUtf8 } from '@attestel/core';
import { RESULT_MEDIA_TYPE } from '../resolver/negotiate.ts';
import { resolutionError } from '../resolver/resolution-error.ts';
import { statusOf } from '../resolver/views.ts';
import { isAnyDid, isDid } from '../syntax/did-syntax.ts';
import type { DidResolution, DidResolver } from '../types.ts';
import { isProofFailure, type LedgerTrust, readBounded, servedBy } from './ledger-trust.ts';
import { parseResult } from './result.schema.ts';
import { verifyResolution } from './verify-resolution.ts';

export interface HttpResolverOptions {
  /** A node's base URL, or its full `…/1.0/identifiers`. */
  readonly endpoint: string;
  readonly fetch: typeof fetch;
  /** Default 5000. */
  readonly timeoutMs?: number;
  /** With it the resolver itself need not be believed: an answer without a valid proof is refused. */
  readonly trust?: LedgerTrust | undefined;
}

const PATH = '/1.0/identifiers';
const MAX_BODY_BYTES = 262_144;
const TIMEOUT_MS = 5000;

type Options = Parameters<DidResolver['resolve']>[1];

/**
 * Asks a resolver over HTTP (DID Resolution v1 §12.1) and believes only an answer of the exact form,
 * about the DID and version asked for. Without `trust` the resolver itself is believed: take one run by somebody
 * you trust, over TLS. With it `resolve` throws an AppError of kind `proof-failed` for what is not proven.
 */
export function createHttpResolver(settings: HttpResolverOptions): DidResolver {
  const base = settings.endpoint.replace(/\/+$/, '');
  const endpoint = base.endsWith(PATH) ? base : base + PATH;
  return {
    async resolve(did, options) {
      // Checked before it becomes a part of a URL.
      if (!isDid(did)) {
        const foreign = isAnyDid(did) && !did.startsWith('did:mno:');
        return resolutionError(foreign ? 'METHOD_NOT_SUPPORTED' : 'INVALID_DID');
      }
      try {
        const result = await fetchResult(settings, endpoint, did, options);
        return await verified(settings, endpoint.slice(0, -PATH.length), did, result, options);
      } catch (error) {
        if (settings.trust && isProofFailure(error)) throw error;
        return resolutionError('INTERNAL_ERROR', 'the resolver could not be reached or answered wrongly');
      }
    },
  };
}

async function verified(
  { trust, fetch, timeoutMs = TIMEOUT_MS }: HttpResolverOptions,
  base: string,
  did: string,
  result: DidResolution,
  { versionId, versionTime }: NonNullable<Options> = {},
): Promise<DidResolution> {
  if (!trust) return result;
  return verifyResolution(result, did, {
    ...servedBy(trust, { base, fetch, timeoutMs }),
    ...(versionId === undefined ? {} : { versionId }),
    ...(versionTime === undefined ? {} : { versionTime }),
  });
}

async function fetchResult(
  settings: HttpResolverOptions,
  endpoint: string,
  did: string,
  options: NonNullable<Options> = {},
): Promise<DidResolution> {
  // Who verifies cannot do without a proof, and a proof is there unless somebody says no.
  const { receipt, ...rest } = options;
  const asked = settings.trust && receipt === 'none' ? rest : options;
  const response = await settings.fetch(requestUrl(endpoint, did, asked), {
    headers: { accept: RESULT_MEDIA_TYPE },
    redirect: 'error',
    credentials: 'omit',
    signal: AbortSignal.timeout(settings.timeoutMs ?? TIMEOUT_MS),
  });
  const mediaType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== RESULT_MEDIA_TYPE) throw new TypeError('did resolution: unexpected media type');
  const result = parseResult(JSON.parse(fromUtf8(await readBounded(response, MAX_BODY_BYTES))), did);
  if (statusOf(result) !== response.status) throw new TypeError('did resolution: status and body disagree');
  const { versionId } = result.didDocumentMetadata;
  // Who verifies is told by the proof, and by an error that says what it is.
  if (
    !settings.trust &&
    options.versionId !== undefined &&
    !result.didResolutionMetadata.error &&
    versionId !== options.versionId
  ) {
    throw new TypeError('did resolution: another version than asked for');
  }
  return result;
}

/** §12.1: the DID is percent-encoded when options follow. */
function requestUrl(endpoint: string, did: string, options: Options = {}): string {
  const query = new URLSearchParams(
    Object.entries(options).filter((option): option is [string, string] => option[1] !== undefined),
  );
  return query.size === 0 ? `${endpoint}/${did}` : `${endpoint}/${encodeURIComponent(did)}?${query}`;
}
