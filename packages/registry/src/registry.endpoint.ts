import {
  errorResponse,
  type HttpRequest,
  type HttpResponse,
  isAppError,
  json,
  type Route,
  toBase64url,
} from '@attestel/core';
import { createProvingReads, type ProofSource, type ReceiptForm } from '@attestel/ledger';
import { fail } from './errors.ts';
import { RECEIPT_HEADER } from './receipt-header.ts';
import { EFFECTIVE, type RecordKind } from './state/effective-records.ts';
import type { Registry } from './types.ts';

export interface RegistryRoutesOptions {
  /** With it, answers about one record bring receipts of all they follow from. */
  readonly proofs?: ProofSource | undefined;
}

/**
 * What the ledger says, as JSON of the types, suspended records included. Public, without cookies, and
 * never kept by caches: a suspension must show at once.
 */
export function registryRoutes(registry: Registry, { proofs }: RegistryRoutesOptions = {}): Route[] {
  return [
    ...routesOf('members', 'member', registry.members, registry.member, proofs),
    ...routesOf('issuers', 'issuer', registry.issuers, registry.issuer, proofs),
    ...routesOf('bridges', 'bridge', registry.bridges, registry.bridge, proofs),
    ...routesOf('apps', 'app', registry.apps, registry.app, proofs),
  ];
}

function routesOf(
  plural: RecordKind,
  singular: string,
  list: () => readonly object[],
  find: (id: string) => object | undefined,
  proofs: ProofSource | undefined,
): Route[] {
  const route = (path: string, summary: string, handle: Route['handle']): Route => ({
    method: 'GET',
    path: `/v1/registry/${path}`,
    summary,
    errors: 'problem',
    cors: true,
    handle,
  });
  return [
    route(plural, `All ${plural}`, () => json(list(), 200, NO_CACHE)),
    route(`${plural}/:id`, `One ${singular}, with receipts`, (request: HttpRequest) => {
      const { id = '' } = request.params;
      const headers = { ...NO_CACHE, ...receiptsOf(proofs, plural, id, request.url) };
      const record = find(id);
      return record ? json(record, 200, headers) : notFound(request, headers);
    }),
  ];
}

const NO_CACHE = { 'cache-control': 'no-cache' };

function notFound(request: HttpRequest, headers: Record<string, string>): HttpResponse {
  const response = errorResponse({ errors: 'problem' }, fail('registry_unknown'), request);
  return { ...response, headers: { ...response.headers, ...headers } };
}

/** Clients refuse heads beyond 16 kB; what does not fit is to be had key by key at /v1/ledger/state. */
const MAX_HEADER_CHARACTERS = 12_000;

/** @throws AppError registry_query_invalid; proof_unavailable where one was asked for */
function receiptsOf(
  proofs: ProofSource | undefined,
  kind: RecordKind,
  id: string,
  url: URL,
): Record<string, string> {
  const form = formOf(url);
  if (form === 'none' || (form === undefined && !proofs)) return {};
  if (!proofs) throw fail('registry_unproven');
  try {
    const proving = createProvingReads(proofs, form ?? 'path');
    EFFECTIVE[kind].read(proving.read, id);
    const value = proving.receipts().map(toBase64url).join(', ');
    return value.length > MAX_HEADER_CHARACTERS ? {} : { [RECEIPT_HEADER]: value };
  } catch (error) {
    // A ledger that nobody cosigns still answers, unless a proof is asked for.
    if (form === undefined && isAppError(error) && error.code === 'proof_unavailable') return {};
    throw error;
  }
}

/** `?receipt=path`, `full` or `none`; undefined: not said. */
function formOf(url: URL): ReceiptForm | 'none' | undefined {
  const parameters = [...url.searchParams];
  const [[name, form] = [undefined, undefined]] = parameters;
  if (name === undefined) return undefined;
  if (parameters.length > 1 || name !== 'receipt') throw fail('registry_query_invalid');
  if (form !== 'path' && form !== 'full' && form !== 'none')
    throw fail('registry_query_invalid', { field: 'receipt' });
  return form;
}
