import type { HttpRequest, HttpResponse, Route } from '@attestel/core';
import type { DidResolution, DidResolver, ProofForm } from '../types.ts';
import { negotiate, type Representation } from './negotiate.ts';
import { resolutionError } from './resolution-error.ts';
import { statusOf, toCore10View, toProblem, toV1View } from './views.ts';

/** DID Resolution v1 §12.1, HTTP(S) binding with GET. */
export const resolverRoutes = (resolver: DidResolver): Route[] => [
  {
    method: 'GET',
    path: '/1.0/identifiers/*did',
    summary: 'Resolve a DID (DID Resolution v1)',
    errors: 'problem',
    cors: true,
    handle: (request) => handle(resolver, request),
  },
];

async function handle(resolver: DidResolver, request: HttpRequest): Promise<HttpResponse> {
  const representation = negotiate(request.headers.accept);
  const resolution = await resolveRequest(resolver, request, representation);
  return respond(resolution, representation);
}

async function resolveRequest(
  resolver: DidResolver,
  { params, url }: HttpRequest,
  representation: Representation | undefined,
): Promise<DidResolution> {
  if (representation === undefined) return resolutionError('REPRESENTATION_NOT_SUPPORTED');
  const options = new Map(url.searchParams);
  // §13.7 leaves repeated parameters to the method: refused, so that nobody reads the other one.
  if (options.size !== [...url.searchParams].length) {
    return resolutionError('INVALID_DID_URL', 'a parameter is repeated');
  }
  if ([...options.keys()].some((name) => !OPTIONS.includes(name))) {
    return resolutionError('FEATURE_NOT_SUPPORTED');
  }
  // Nothing is cached and no URL is relative, so both values of these two are already honoured.
  if (FLAGS.some((name) => !['true', 'false'].includes(options.get(name) ?? 'false'))) {
    return resolutionError('INVALID_OPTIONS');
  }
  const versionId = options.get('versionId');
  const versionTime = options.get('versionTime');
  const wanted = options.get('receipt');
  const resolve = (receipt: string) =>
    resolver.resolve(params.did ?? '', {
      ...(versionId === undefined ? {} : { versionId }),
      ...(versionTime === undefined ? {} : { versionTime }),
      receipt: receipt as ProofForm, // whether it is one, the resolver says
    });
  if (wanted !== undefined) return resolve(wanted);
  // A bare document has no room for a proof.
  if (representation.form === 'document') return resolve('none');
  const proven = await resolve('path');
  // A ledger that nobody cosigns still resolves, unless a proof is asked for.
  return proven.didResolutionMetadata.error === 'FEATURE_NOT_SUPPORTED' ? resolve('none') : proven;
}

/** Answers that a resolver keeps, as text: writing one costs more than all the rest of finding it. */
const texts = new WeakMap<DidResolution, string>();

function toText(resolution: DidResolution): string {
  const known = texts.get(resolution);
  if (known !== undefined) return known;
  const text = JSON.stringify(toV1View(resolution));
  texts.set(resolution, text);
  return text;
}

const FLAGS = ['noCache', 'expandRelativeUrls'];
const OPTIONS = ['versionId', 'versionTime', 'receipt', ...FLAGS];

function respond(resolution: DidResolution, representation: Representation | undefined): HttpResponse {
  const status = statusOf(resolution);
  const headers = { 'cache-control': 'no-cache', vary: 'accept' };
  const sendText = (mediaType: string, body: string): HttpResponse => ({
    status,
    headers: { ...headers, 'content-type': mediaType },
    body,
  });
  const send = (mediaType: string, value: unknown): HttpResponse =>
    sendText(mediaType, JSON.stringify(value));
  if (representation?.form === 'result') return sendText(representation.mediaType, toText(resolution));
  if (representation?.form === 'result-1.0') return send(representation.mediaType, toCore10View(resolution));
  const { didResolutionMetadata } = resolution;
  const { error } = didResolutionMetadata;
  if (error !== undefined || representation === undefined) {
    return send('application/problem+json', {
      ...toProblem(error ?? 'REPRESENTATION_NOT_SUPPORTED', didResolutionMetadata),
      status,
    });
  }
  if (resolution.didDocument === null) return { status, headers, body: null }; // deactivated: 410 says it
  return send(representation.mediaType, resolution.didDocument);
}
