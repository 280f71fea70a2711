import { type AppError, type Bytes, encodeCbor, fromBase64url, fromUtf8, isAppError } from '@attestel/core';
import type { PolicyChain } from '../endpoints/policy-chain.endpoint.ts';
import { fail } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { encodeOperation } from '../operations/decode-operation.ts';
import { errorFromWire, isRecord } from './wire-error.ts';

export interface LedgerClientOptions {
  /** Base URL of a node. */
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  /** For one request with its answer; default 60,000. */
  readonly timeoutMilliseconds?: number | undefined;
}

export type SubmitResult =
  | { readonly ok: true; readonly id: Bytes; readonly index: number; readonly height: number }
  | { readonly ok: false; readonly id: Bytes; readonly error: AppError };

/** A ledger over HTTP. What it returns is the node's word; {@link verifyCheckpoint} and a replay prove it. */
export interface LedgerClient {
  /** One result per operation, in order. @throws AppError when the batch as a whole is refused */
  submit(operations: readonly Operation[]): Promise<readonly SubmitResult[]>;
  checkpoint(): Promise<string>;
  entries(from: number, limit?: number): Promise<EntriesPage>;
  sequence(module: string, actor: string): Promise<number>;
  /** How the node's policy came about; nothing is verified yet. */
  policyChain(): Promise<PolicyChain>;
}

export interface EntriesPage {
  /** Entries in the log. */
  readonly size: number;
  readonly entries: readonly { readonly index: number; readonly bytes: Bytes }[];
}

/** As many as a chain can have (specs/ledger.md §14). */
const MAX_POLICY_LINKS = 4096;
/** Larger answers are cut off: a node may be hostile. */
const MAX_ANSWER_BYTES = 16_000_000;

export function createLedgerClient({
  url,
  fetch,
  timeoutMilliseconds = 60_000,
}: LedgerClientOptions): LedgerClient {
  const base = `${url.replace(/\/+$/, '')}/v1/ledger`;
  const call = async (path: string, init?: RequestInit): Promise<string> => {
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    // Whoever answers there must not send what was meant for it, or this process, elsewhere.
    const response = await fetch(`${base}${path}`, { ...init, signal, redirect: 'error' }).catch(broken);
    const text = await readText(response);
    if (!response.ok) throw errorFromWire(parseJson(text), response.status);
    return text;
  };
  return {
    async submit(operations) {
      const body = Uint8Array.from(encodeCbor(operations.map(encodeOperation)));
      const headers = { 'content-type': 'application/cbor' };
      const answer = parseJson(await call('/operations', { method: 'POST', headers, body }));
      const results = isRecord(answer) ? answer.results : undefined;
      if (!Array.isArray(results) || results.length !== operations.length) throw fail('answer_invalid');
      return results.map(parseResult);
    },
    checkpoint: () => call('/checkpoint'),
    async entries(from, limit) {
      const query = limit === undefined ? `from=${from}` : `from=${from}&limit=${limit}`;
      return parsePage(parseJson(await call(`/entries?${query}`)));
    },
    async sequence(module, actor) {
      const path = `/sequences/${encodeURIComponent(module)}/${encodeURIComponent(actor)}`;
      const answer = parseJson(await call(path));
      return wholeNumber(isRecord(answer) ? answer.sequence : undefined);
    },
    async policyChain() {
      let chain = parsePolicies(parseJson(await call('/policies')));
      while (chain.links.length < chain.sequence) {
        const next = parsePolicies(parseJson(await call(`/policies?after=${chain.links.length}`)));
        if (next.links.length === 0) throw fail('answer_invalid', { field: 'links' });
        chain = { ...chain, links: [...chain.links, ...next.links] };
      }
      return { first: chain.first, links: chain.links };
    },
  };
}

function parsePolicies(value: unknown): PolicyChain & { readonly sequence: number } {
  const { first, sequence, links } = isRecord(value) ? value : {};
  const isText = (item: unknown): item is string => typeof item === 'string';
  if (!isText(first) || !Array.isArray(links) || !links.every(isText)) throw fail('answer_invalid');
  const length = wholeNumber(sequence);
  if (length > MAX_POLICY_LINKS) throw fail('answer_invalid', { field: 'sequence' });
  return { first, sequence: length, links };
}

function parseResult(value: unknown): SubmitResult {
  if (!isRecord(value)) throw fail('answer_invalid');
  const id = bytes(value.id);
  if (value.ok === false) return { ok: false, id, error: errorFromWire(value.error) };
  if (value.ok !== true) throw fail('answer_invalid');
  return { ok: true, id, index: wholeNumber(value.index), height: wholeNumber(value.height) };
}

function parsePage(value: unknown): EntriesPage {
  if (!isRecord(value) || !Array.isArray(value.entries)) throw fail('answer_invalid');
  return {
    size: wholeNumber(value.size),
    entries: value.entries.map((item: unknown) => {
      if (!isRecord(item)) throw fail('answer_invalid');
      // Of a channel that is not public: whoever asked for entries cannot do with their hashes.
      if (item.entry === undefined && typeof item.hash === 'string') throw fail('entry_withheld');
      return { index: wholeNumber(item.index), bytes: bytes(item.entry) };
    }),
  };
}

function wholeNumber(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw fail('answer_invalid');
  return value;
}

function bytes(value: unknown): Bytes {
  try {
    if (typeof value === 'string') return fromBase64url(value);
  } catch {
    // told below
  }
  throw fail('answer_invalid');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw fail('answer_invalid');
  }
}

/** No answer, or half of one. */
const broken = (cause: unknown): never => {
  throw fail('ledger_unreachable', { cause });
};

async function readText(response: Response): Promise<string> {
  const parts: Bytes[] = [];
  let size = 0;
  try {
    for await (const part of response.body ?? []) {
      size += part.length;
      if (size > MAX_ANSWER_BYTES) throw fail('answer_invalid', { detail: 'answer too large' });
      parts.push(part);
    }
  } catch (error) {
    throw isAppError(error) ? error : broken(error);
  }
  try {
    return fromUtf8(Buffer.concat(parts));
  } catch {
    throw fail('answer_invalid');
  }
}
