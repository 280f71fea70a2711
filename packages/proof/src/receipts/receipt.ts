import type { Cosignature } from '../cosignature/cosignature.ts';
import type { TriePath } from '../trie/trie-path.ts';

/** Which checkpoint a proof leads to. */
export type ReceiptCheckpoint =
  /** SHA-256 of its body: the verifier has it, or fetches it once for many receipts. */
  | { readonly form: 'reference'; readonly hash: Uint8Array }
  /** All that is needed to check it offline. Cosignatures in ascending order of key ids. */
  | { readonly form: 'stapled'; readonly body: string; readonly signatures: readonly Cosignature[] };

/** What the state holds, or does not hold, under one key. */
export interface StateReceipt {
  readonly kind: 'state';
  readonly checkpoint: ReceiptCheckpoint;
  readonly module: string;
  readonly key: string;
  readonly path: TriePath;
}

/** That one entry stands in the log. */
export interface EventReceipt {
  readonly kind: 'event';
  readonly checkpoint: ReceiptCheckpoint;
  readonly index: number;
  /** From the leaf's sibling up to the root's child. */
  readonly path: readonly Uint8Array[];
  /** The entry itself. */
  readonly leaf: Uint8Array;
}

export type Receipt = StateReceipt | EventReceipt;

/** The binary layout (specs/ledger.md, "Receipts"): its constants in one place. */
export const LAYOUT = {
  version: 1,
  kind: { state: 1, event: 2 },
  form: { reference: 0, stapled: 1 },
  end: { own: 0, other: 1, empty: 2 },
  keyIdBytes: 4,
  signatureBytes: 64,
  maxSignatures: 64,
  maxLogHashes: 63,
  /** Larger than any operation, small enough to parse from anyone. */
  maxBytes: 2_000_000,
} as const;
