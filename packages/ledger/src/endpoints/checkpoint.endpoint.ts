import { fromHex, type HttpResponse, type Route } from '@attestel/core';
import { fail } from '../errors.ts';
import type { Ledger } from '../ledger.ts';
import { parseQuery } from './query.ts';

const HASH_TEXT = /^[0-9a-f]{64}$/;

/** Where C2SP clients look for it, and where ours do. */
type CheckpointPath = '/v1/ledger/checkpoint' | '/v1/ledger/tlog/checkpoint';

/** The newest checkpoint with all signatures known so far. */
export const checkpointEndpoint = (
  ledger: Ledger,
  path: CheckpointPath = '/v1/ledger/checkpoint',
): Route => ({
  method: 'GET',
  path,
  summary: 'Newest checkpoint with its cosignatures (C2SP tlog-checkpoint)',
  errors: 'problem',
  cors: true,
  handle({ url }) {
    parseQuery(url, []);
    const { checkpoint } = ledger.head();
    if (checkpoint === '') throw fail('proof_unavailable');
    return text(checkpoint, 'no-cache');
  },
});

/**
 * A checkpoint by the SHA-256 of its body, as receipts refer to it. The body never changes; cosignatures may still
 * come, so a cache asks again soon.
 */
export const checkpointByHashEndpoint = (ledger: Ledger): Route => ({
  method: 'GET',
  path: '/v1/ledger/checkpoints/:hash',
  summary: 'A checkpoint by the SHA-256 of its body, with its cosignatures',
  errors: 'problem',
  cors: true,
  handle({ url, params }) {
    parseQuery(url, []);
    const { hash = '' } = params;
    if (!HASH_TEXT.test(hash)) throw fail('query_invalid', { field: 'hash' });
    const checkpoint = ledger.proofs.checkpoint(fromHex(hash));
    if (checkpoint === undefined) throw fail('checkpoint_unknown');
    return text(checkpoint, 'public, max-age=10');
  },
});

/** Whose cosignatures count here. Who relies on it takes it from a source other than the node that is asked. */
export const policyEndpoint = (policy: string): Route => ({
  method: 'GET',
  path: '/v1/ledger/policy',
  summary: 'Policy of the ledger: witnesses and quorum (C2SP tlog-policy)',
  errors: 'problem',
  cors: true,
  handle({ url }) {
    parseQuery(url, []);
    return text(policy, 'no-cache');
  },
});

const text = (body: string, cacheControl: string): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': cacheControl },
  body,
});
