import { fromUtf8 } from '@attestel/core';
import {
  isProofFailure,
  type LedgerTrust,
  proofBytes,
  readBounded,
  servedBy,
  type VerifiedReads,
  verifiedReads,
} from '@attestel/did/verify';
import { z } from 'zod';
import { fail } from './errors.ts';
import { RECEIPT_HEADER } from './receipt-header.ts';
import { appSchema, bridgeSchema, issuerSchema, memberSchema } from './records.schema.ts';
import { REGISTRY_MODULE } from './state/collections.ts';
import { EFFECTIVE, type RecordKind } from './state/effective-records.ts';
import type { App, Bridge, Issuer, Member, RegistryClient } from './types.ts';

export interface RegistryClientOptions {
  /** Origin (and path, if any) of a node, such as `https://node.example`. */
  readonly endpoint: string;
  readonly fetch: typeof fetch;
  readonly timeoutMs?: number;
  /**
   * With it the node need not be believed: records are read from receipts that its witnesses vouch for, and an answer
   * without valid ones is refused with an AppError of kind `proof-failed`. A list may still leave records out.
   */
  readonly trust?: LedgerTrust | undefined;
}

const TIMEOUT_MS = 10_000;
/** A list of hundreds of issuers is far below. No more is read, whatever the node sends. */
const MAX_ANSWER_BYTES = 1_000_000;
/** Each of them is asked for by itself where it has to be proven. */
const MAX_PROVEN_LIST = 200;

/**
 * Asks a node's registry, as wallets do; runs in browsers. What is suspended is not returned. Members
 * the node adds to records later are ignored; anything else unexpected is `registry_unavailable`.
 */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const one = async <T extends { status: string }>(
    kind: RecordKind,
    id: string,
    schema: z.ZodType<T>,
    idOf: (record: T) => string,
  ): Promise<T | undefined> => {
    const answer = await recordOf(options, kind, id);
    if (answer === undefined) return undefined;
    const record = parse(schema, answer);
    // A node that answers with another record must not pass for the one asked for.
    if (idOf(record) !== id) throw fail('registry_unavailable', { detail: `${kind}: other record` });
    return record.status === 'active' ? record : undefined;
  };
  const issuer = (did: string): Promise<Issuer | undefined> =>
    one('issuers', did, issuerSchema, (i) => i.did);
  return {
    issuer,
    member: (did): Promise<Member | undefined> => one('members', did, memberSchema, (m) => m.did),
    bridge: (did): Promise<Bridge | undefined> => one('bridges', did, bridgeSchema, (b) => b.did),
    app: (clientId): Promise<App | undefined> => one('apps', clientId, appSchema, (a) => a.clientId),
    async issuers() {
      const { value } = await ask(options, 'issuers');
      const all: readonly Issuer[] = parse(z.array(issuerSchema), value);
      const active = all.filter(({ status }) => status === 'active');
      return options.trust ? proven(active, issuer) : active;
    },
  };
}

/** What the list says of them does not count, only that they might be there. */
async function proven(
  listed: readonly Issuer[],
  issuer: (did: string) => Promise<Issuer | undefined>,
): Promise<readonly Issuer[]> {
  if (listed.length > MAX_PROVEN_LIST) throw fail('registry_unavailable', { detail: 'list too long' });
  const records = await Promise.all(listed.map(({ did }) => issuer(did)));
  return records.filter((record) => record !== undefined);
}

async function recordOf(options: RegistryClientOptions, kind: RecordKind, id: string): Promise<unknown> {
  const { value, receipts } = await ask(options, `${kind}/${encodeURIComponent(id)}`);
  const { trust } = options;
  if (!trust) return value;
  const expect = { module: REGISTRY_MODULE, key: EFFECTIVE[kind].key(id) };
  const address = {
    base: baseOf(options),
    fetch: options.fetch,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
  };
  const texts = receipts === null ? [] : receipts.split(/, */);
  return told(async () => {
    const reads: VerifiedReads = await verifiedReads(texts.map(proofBytes), {
      ...servedBy(trust, address),
      expect,
    });
    return EFFECTIVE[kind].read(reads, id);
  });
}

const baseOf = ({ endpoint }: RegistryClientOptions): string => endpoint.replace(/\/$/, '');

interface Answer {
  /** Undefined where the node says 404. */
  readonly value: unknown;
  readonly receipts: string | null;
}

async function ask(options: RegistryClientOptions, path: string): Promise<Answer> {
  const ask = options.fetch;
  return told(async () => {
    const response = await ask(`${baseOf(options)}/v1/registry/${path}`, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS),
    });
    const receipts = response.headers.get(RECEIPT_HEADER);
    if (response.status === 404) return { value: undefined, receipts };
    if (!response.ok) throw new TypeError(`registry: HTTP ${response.status}`);
    return { value: JSON.parse(fromUtf8(await readBounded(response, MAX_ANSWER_BYTES))), receipts };
  });
}

/** Whatever goes wrong is `registry_unavailable`, except what was not proven. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isProofFailure(cause)) throw cause;
    throw fail('registry_unavailable', { cause });
  }
}

function parse<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw fail('registry_unavailable', { detail: 'answer in another form' });
  return parsed.data;
}
