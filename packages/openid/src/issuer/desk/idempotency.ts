import {
  type Bytes,
  fromUtf8,
  type HttpRequest,
  type StoreReader,
  type StoreWriter,
  utf8,
} from '@attestel/core';
import { fail } from '../errors.ts';
import { putUntil, removeExpired } from '../storage/expiry.ts';
import { sha256 } from '../storage/keys.ts';

const TABLE = 'issuer/desk-answers';
const LIFETIME_SECONDS = 86_400;
const KEY = /^[\x21-\x7e]{8,128}$/;

/** A desk request with an `Idempotency-Key`: the same one again gets the same answer and does nothing. */
export interface Repeatable {
  /** The answer given before, if there is one. @throws AppError idempotency_conflict */
  answer(reader: StoreReader): unknown;
  /** Keeps the answer, in the transaction that does the work. @throws AppError idempotency_conflict */
  keep(writer: StoreWriter, answer: unknown, now: number): void;
}

const ONCE: Repeatable = { answer: () => undefined, keep() {} };

/** @throws AppError body_invalid for a malformed key */
export function repeatable(request: HttpRequest, did: string): Repeatable {
  const given = request.headers['idempotency-key'];
  if (given === undefined) return ONCE;
  if (!KEY.test(given)) throw fail('body_invalid', { field: 'Idempotency-Key' });
  const key = sha256(utf8(`${did}\n${given}`));
  const print = fingerprint(request);
  const read = (reader: StoreReader): unknown => {
    const bytes = reader.get(TABLE, key);
    if (bytes === undefined) return undefined;
    const row = JSON.parse(fromUtf8(bytes)) as { print: string; answer: unknown };
    if (row.print !== print) throw fail('idempotency_conflict', { field: 'Idempotency-Key' });
    return row.answer;
  };
  return {
    answer: read,
    keep(writer, answer, now) {
      // Two at the same moment: the second finds the first one's row, and nothing of it happens.
      if (read(writer) !== undefined) throw fail('idempotency_conflict', { field: 'Idempotency-Key' });
      removeExpired(writer, now);
      const value = utf8(JSON.stringify({ print, answer }));
      putUntil(writer, { table: TABLE, key, value, at: now + LIFETIME_SECONDS });
    },
  };
}

/** Same place, same bytes. */
const fingerprint = (request: HttpRequest): string => {
  const head: Bytes = utf8(`${request.method} ${request.url.pathname}\n`);
  return Buffer.from(sha256(head, request.body)).toString('base64url');
};
