import {
  AppError,
  type Bytes,
  type CborValue,
  decodeCbor,
  fromBase64url,
  fromUtf8,
  isAppError,
  json,
  type Route,
  toBase64url,
} from '@attestel/core';
import { fail } from '../errors.ts';
import type { Ledger, OperationResult } from '../ledger.ts';
import type { Operation } from '../operation.ts';
import { decodeOperation } from '../operations/decode-operation.ts';
import { MAX_BLOCK_OPERATIONS } from '../state/execute-block.ts';
import { parseQuery } from './query.ts';

const MAX_BODY_BYTES = 1_000_000;

/** Submits signed operations; answers when each is durable or refused. They carry their own authority. */
export const operationsEndpoint = (ledger: Ledger): Route => ({
  method: 'POST',
  path: '/v1/ledger/operations',
  summary: 'Submit signed operations; answers when each is durable or refused',
  errors: 'problem',
  accepts: ['application/cbor', 'application/json'],
  maxBodyBytes: MAX_BODY_BYTES,
  async handle({ url, headers, body }) {
    parseQuery(url, []);
    // The server may not be the one in front: the limit holds here too.
    if (body.length > MAX_BODY_BYTES) throw fail('operation_too_large', { extra: { limit: MAX_BODY_BYTES } });
    const isCbor = headers['content-type']?.split(';')[0]?.trim().toLowerCase() === 'application/cbor';
    const encoded = isCbor ? parseCborBatch(body) : parseJsonBatch(body);
    const results = await ledger.submit(encoded.map(decodeAt));
    return json({ results: results.map(toWire) }, 200, { 'cache-control': 'no-store' });
  },
});

function parseCborBatch(body: Bytes): readonly Bytes[] {
  let value: CborValue;
  try {
    value = decodeCbor(body);
  } catch {
    throw fail('batch_invalid', { field: 'body' });
  }
  return assertBatch(Array.isArray(value) ? value : []);
}

/** `{"operations": [base64url, …]}` */
function parseJsonBatch(body: Bytes): readonly Bytes[] {
  try {
    const { operations, ...rest } = JSON.parse(fromUtf8(body));
    if (!Array.isArray(operations) || Object.keys(rest).length > 0) throw new TypeError('not a batch');
    if (!operations.every((item) => typeof item === 'string')) throw new TypeError('not text');
    return assertBatch(operations.map(fromBase64url));
  } catch {
    throw fail('batch_invalid', { field: 'body' });
  }
}

function assertBatch(items: readonly unknown[]): readonly Bytes[] {
  if (items.length === 0 || items.length > MAX_BLOCK_OPERATIONS) {
    throw fail('batch_invalid', { field: 'operations', extra: { max: MAX_BLOCK_OPERATIONS } });
  }
  if (!items.every((item) => item instanceof Uint8Array))
    throw fail('batch_invalid', { field: 'operations' });
  return items as readonly Bytes[];
}

/** One malformed operation refuses the batch before anything of it is submitted. */
function decodeAt(bytes: Bytes, index: number): Operation {
  try {
    return decodeOperation(bytes);
  } catch (error) {
    if (!isAppError(error)) throw error;
    const { code, kind, field = '', extra } = error;
    const message = field === '' ? error.message : error.message.slice(field.length + 2);
    throw new AppError(code, { kind, message }, { field: `/operations/${index}${field}`, extra });
  }
}

function toWire(result: OperationResult): object {
  const id = toBase64url(result.id);
  if (result.ok) return { ok: true, id, index: result.index, height: result.height };
  const { code, message, kind, field, extra } = result.error;
  return { ok: false, id, error: { code, kind, message, field, extra } };
}
