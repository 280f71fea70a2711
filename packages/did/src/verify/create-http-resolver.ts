import { type Bytes, concatBytes, fromUtf8 } from '@attestel/core';
import { RESULT_MEDIA_TYPE } from '../resolver/negotiate.ts';
import { resolutionError } from '../resolver/resolution-error.ts';
import { statusOf } from '../resolver/views.ts';
import { isAnyDid, isDid } from '../syntax/did-syntax.ts';
import type { DidResolution, DidResolver } from '../types.ts';
import { parseResult } from './result.schema.ts';

export interface HttpResolverOptions {
  /** A node's base URL, or its full `…/1.0/identifiers`. */
  readonly endpoint: string;
  readonly fetch: typeof fetch;
  /** Default 5000. */
  readonly timeoutMs?: number;
}

const PATH = '/1.0/identifiers';
const MAX_BODY_BYTES = 65_536;

type Options = Parameters<DidResolver['resolve']>[1];

/**
 * Asks a resolver over HTTP (DID Resolution v1 §12.1) and believes only an answer of the exact form,
 * about the DID and version asked for. Until answers carry proofs the resolver itself is trusted:
 * take one run by somebody you trust, over TLS.
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
        return await fetchResult(settings, endpoint, did, options);
      } catch {
        return resolutionError('INTERNAL_ERROR', 'the resolver could not be reached or answered wrongly');
      }
    },
  };
}

async function fetchResult(
  settings: HttpResolverOptions,
  endpoint: string,
  did: string,
  options: Options,
): Promise<DidResolution> {
  const response = await settings.fetch(requestUrl(endpoint, did, options), {
    headers: { accept: RESULT_MEDIA_TYPE },
    redirect: 'error',
    credentials: 'omit',
    signal: AbortSignal.timeout(settings.timeoutMs ?? 5000),
  });
  const mediaType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== RESULT_MEDIA_TYPE) throw new TypeError('did resolution: unexpected media type');
  const result = parseResult(JSON.parse(fromUtf8(await readBounded(response))), did);
  if (statusOf(result) !== response.status) throw new TypeError('did resolution: status and body disagree');
  const { versionId } = result.didDocumentMetadata;
  if (
    options?.versionId !== undefined &&
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

async function readBounded(response: Response): Promise<Bytes> {
  const chunks: Bytes[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) return concatBytes(...chunks);
    size += chunk.value.length;
    if (size > MAX_BODY_BYTES) {
      await reader?.cancel();
      throw new TypeError('did resolution: answer too large');
    }
    chunks.push(chunk.value);
  }
}
