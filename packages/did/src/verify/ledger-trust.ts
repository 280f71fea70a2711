import { AppError, concatBytes, fromUtf8, isAppError, toHex } from '@attestel/core';
import {
  type CheckpointCache,
  createCheckpointCache,
  type Policy,
  type ProofCrypto,
  ProofError,
  parsePolicy,
  type ServedReceiptOptions,
} from '@attestel/proof';
import { fail } from '../errors.ts';
import { platformCrypto } from './platform-crypto.ts';

/** What somebody believes of a ledger who believes no server: whose cosignatures count, and for how long. */
export interface LedgerTrust {
  readonly policy: Policy;
  readonly crypto: ProofCrypto;
  /** Shared by all who ask about the ledger. */
  readonly cache: CheckpointCache;
  /** Unix seconds by the verifier's own clock. */
  readonly now: () => number;
  /** A checkpoint that no quorum stood by since is refused. */
  readonly maxAgeSeconds: number;
}

export interface LedgerTrustOptions extends Partial<Omit<LedgerTrust, 'policy'>> {
  /** Text of a C2SP tlog-policy, from a source other than the server that is asked. */
  readonly policy: string;
}

/** Ten heartbeats. */
const MAX_AGE_SECONDS = 300;

/** @throws AppError policy_malformed */
export function createLedgerTrust({ policy, ...options }: LedgerTrustOptions): LedgerTrust {
  const { crypto = platformCrypto } = options;
  const cache = options.cache ?? createCheckpointCache();
  const { now = () => Math.floor(Date.now() / 1000), maxAgeSeconds = MAX_AGE_SECONDS } = options;
  try {
    return { policy: parsePolicy(policy, crypto.sha256), crypto, cache, now, maxAgeSeconds };
  } catch (error) {
    throw proofFailure(error);
  }
}

/** An error of package proof in the terms of the others: its code stays, its kind is `proof-failed`. */
export function proofFailure(error: unknown): unknown {
  if (!(error instanceof ProofError)) return error;
  return new AppError(error.code, { kind: 'proof-failed', message: error.message }, { cause: error });
}

export const isProofFailure = (error: unknown): error is AppError =>
  isAppError(error) && error.kind === 'proof-failed';

export interface NodeAddress {
  /** A node's base URL. */
  readonly base: string;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
}

/** As much as a note may have (specs/ledger.md §12). */
const MAX_NOTE_BYTES = 2 ** 18;

/** Checkpoints by hash, from the node that answered. @throws AppError checkpoint_unavailable */
export const checkpointsOf =
  ({ base, fetch, timeoutMs }: NodeAddress) =>
  async (hash: Uint8Array): Promise<string> => {
    try {
      const response = await fetch(`${base}/v1/ledger/checkpoints/${toHex(hash)}`, {
        redirect: 'error',
        credentials: 'omit',
        // A stored copy may lack the newest cosignatures.
        cache: 'no-store',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!response.ok) throw new TypeError(`checkpoint: HTTP ${response.status}`);
      return fromUtf8(await readBounded(response, MAX_NOTE_BYTES));
    } catch (cause) {
      throw fail('checkpoint_unavailable', { cause });
    }
  };

/** How to verify receipts that a node serves. */
export const servedBy = (trust: LedgerTrust, address: NodeAddress): ServedReceiptOptions => ({
  policy: trust.policy,
  crypto: trust.crypto,
  cache: trust.cache,
  now: trust.now(),
  maxAgeSeconds: trust.maxAgeSeconds,
  fetchCheckpoint: checkpointsOf(address),
});

/** @throws TypeError beyond the bound */
export async function readBounded(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) return concatBytes(...chunks);
    size += chunk.value.length;
    if (size > limit) {
      await reader?.cancel();
      throw new TypeError('answer too large');
    }
    chunks.push(chunk.value);
  }
}
