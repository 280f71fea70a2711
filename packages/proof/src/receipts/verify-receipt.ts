import type { ProofCrypto } from '../crypto.ts';
import { ProofError } from '../errors.ts';
import { hashLeaf } from '../hash.ts';
import { verifyInclusion } from '../log/inclusion.ts';
import { assertFresh, type Freshness, isFresh } from '../policy/freshness.ts';
import type { Policy } from '../policy/policy.ts';
import { type VerifiedCheckpoint, verifyCosignedBody } from '../policy/verify-cosigned.ts';
import { keyHash } from '../trie/hashing.ts';
import { verifyTriePath } from '../trie/trie-path.ts';
import type { CheckpointCache } from './checkpoint-cache.ts';
import { decodeReceipt } from './decode-receipt.ts';
import type { Receipt, ReceiptCheckpoint } from './receipt.ts';

/** What a receipt has to be about. */
export type ReceiptSubject = { readonly module: string; readonly key: string } | { readonly index: number };

/** Without `now` neither age nor future matters: a receipt then stays as good as on its first day. */
export interface ReceiptOptions extends Partial<Freshness> {
  readonly policy: Policy;
  readonly crypto: ProofCrypto;
  /** Needed for receipts that only refer to their checkpoint. */
  readonly cache?: CheckpointCache;
  /** Anyone can be handed the receipt of something else: say what you asked for. */
  readonly expect?: ReceiptSubject;
}

export type VerifiedReceipt =
  | {
      readonly kind: 'state';
      readonly module: string;
      readonly key: string;
      readonly absent: boolean;
      /** The stored bytes; missing exactly when `absent`. */
      readonly value?: Uint8Array;
      readonly checkpoint: VerifiedCheckpoint;
    }
  | {
      readonly kind: 'event';
      readonly index: number;
      readonly leaf: Uint8Array;
      readonly checkpoint: VerifiedCheckpoint;
    };

/**
 * Checks what a receipt claims, offline. A checkpoint in the cache that is fresh enough is not verified
 * again, nor are the signatures of its staple looked at; one enters the cache only after the whole receipt has
 * been accepted.
 * @throws ProofError of {@link decodeReceipt}, verifyCosignedBody, verifyInclusion and verifyTriePath;
 * receipt_wrong_subject, checkpoint_unknown, checkpoint_stale, checkpoint_from_future. TypeError for bounds
 * without `now`
 */
export async function verifyReceipt(bytes: Uint8Array, options: ReceiptOptions): Promise<VerifiedReceipt> {
  return verifyParsedReceipt(decodeReceipt(bytes), options);
}

/** The same for a receipt that came in another encoding. */
export async function verifyParsedReceipt(
  receipt: Receipt,
  options: ReceiptOptions,
): Promise<VerifiedReceipt> {
  assertSubject(receipt, options.expect);
  const checkpoint = await checkpointOf(receipt.checkpoint, options);
  const verified = verifyProof(receipt, checkpoint, options.crypto);
  options.cache?.put(options.policy, checkpoint);
  return verified;
}

function assertSubject(receipt: Receipt, expect: ReceiptSubject | undefined): void {
  if (expect === undefined) return;
  const same =
    receipt.kind === 'state'
      ? 'module' in expect && receipt.module === expect.module && receipt.key === expect.key
      : 'index' in expect && receipt.index === expect.index;
  if (!same) throw new ProofError('receipt_wrong_subject', 'receipt: about something else');
}

async function checkpointOf(
  checkpoint: ReceiptCheckpoint,
  options: ReceiptOptions,
): Promise<VerifiedCheckpoint> {
  const { policy, crypto, cache } = options;
  const freshness = freshnessOf(options);
  const stapled = checkpoint.form === 'stapled';
  const hash = stapled ? crypto.sha256(new TextEncoder().encode(checkpoint.body)) : checkpoint.hash;
  const known = cache?.get(policy, hash);
  // A staple may bring other cosignatures of a body at hand (heartbeat): they count where the known time does not pass.
  if (known && (!stapled || !freshness || isFresh(known.time, freshness))) {
    if (freshness) assertFresh(known.time, freshness);
    return known;
  }
  if (!stapled) throw new ProofError('checkpoint_unknown', 'receipt: its checkpoint is not at hand');
  return verifyCosignedBody(policy, checkpoint.body, checkpoint.signatures, crypto, freshness);
}

function freshnessOf({ now, maxAgeSeconds, maxAheadSeconds }: Partial<Freshness>): Freshness | undefined {
  if (now !== undefined) {
    return {
      now,
      ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
      ...(maxAheadSeconds !== undefined && { maxAheadSeconds }),
    };
  }
  if (maxAgeSeconds !== undefined || maxAheadSeconds !== undefined) {
    throw new TypeError('receipt: a bound on its age needs the time');
  }
  return undefined;
}

function verifyProof(
  receipt: Receipt,
  checkpoint: VerifiedCheckpoint,
  { sha256 }: ProofCrypto,
): VerifiedReceipt {
  if (receipt.kind === 'event') {
    const { index, path, leaf } = receipt;
    const { size, root } = checkpoint;
    verifyInclusion(sha256, { leafHash: hashLeaf(sha256, leaf), index, size, path, root });
    return { kind: 'event', index, leaf, checkpoint };
  }
  const { module, key, path } = receipt;
  verifyTriePath(sha256, keyHash(sha256, module, key), path, checkpoint.state);
  const { end } = path;
  const found = end.kind === 'own' ? { absent: false, value: end.value } : { absent: true };
  return { kind: 'state', module, key, ...found, checkpoint };
}
