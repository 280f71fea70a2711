import { type Bytes, equalBytes, fromBase64url } from '@attestel/core';
import { proofCrypto } from '@attestel/ledger';
import { createFrontier } from '@attestel/proof';
import { z } from 'zod';
import { fail } from '../errors.ts';
import type { Anchor } from './types.ts';

/** What a parent stands by: so many first entries of a log have this root. */
export type AnchoredRoot = Pick<Anchor, 'size' | 'root'>;

export interface AnchorComparison {
  /** Anchors that the log bears out. */
  readonly anchors: number;
  /** Entries read: all of the log, unless there is a mismatch. */
  readonly size: number;
  /** The smallest anchored size at which the log is another one, or is not long enough. */
  readonly mismatch?: { readonly size: number; readonly why: 'other_root' | 'entries_missing' };
}

/**
 * Compares a log with all that its parent anchored of it: whoever rewrites what was anchored, by whatever signatures, has
 * another root there. Reads the log once. @param anchors in any order
 */
export async function compareAnchors(
  entries: Iterable<{ readonly bytes: Bytes }> | AsyncIterable<{ readonly bytes: Bytes }>,
  anchors: readonly AnchoredRoot[],
): Promise<AnchorComparison> {
  const frontier = createFrontier(proofCrypto.sha256);
  const waiting = [...anchors].sort((a, b) => b.size - a.size);
  for await (const { bytes } of entries) {
    frontier.append(bytes);
    for (let next = waiting.at(-1); next?.size === frontier.size; next = waiting.at(-1)) {
      if (!equalBytes(frontier.root(), next.root))
        return differing(anchors, waiting, frontier.size, { size: next.size, why: 'other_root' });
      waiting.pop();
    }
  }
  const short = waiting.at(-1);
  if (!short) return { anchors: anchors.length, size: frontier.size };
  return differing(anchors, waiting, frontier.size, { size: short.size, why: 'entries_missing' });
}

const differing = (
  all: readonly unknown[],
  waiting: readonly unknown[],
  size: number,
  mismatch: NonNullable<AnchorComparison['mismatch']>,
): AnchorComparison => ({ anchors: all.length - waiting.length, size, mismatch });

const TIMEOUT_MILLISECONDS = 10_000;
/** Characters: a thousand anchors. */
const MAX_ANSWER = 1_000_000;
const anchorsSchema = z.array(
  z.object({ size: z.int().min(1), root: z.string().regex(/^[A-Za-z0-9_-]{43}$/) }),
);

/**
 * The newest anchors that a node of the parent has of a log, at most 1000.
 * @throws AppError sub_ledger_unknown, registry_unavailable
 */
export async function fetchAnchors(
  { url, fetch }: { readonly url: string; readonly fetch: typeof globalThis.fetch },
  origin: string,
): Promise<readonly AnchoredRoot[]> {
  const address = `${url.replace(/\/+$/, '')}/v1/sub-ledgers/${encodeURIComponent(origin)}/anchors`;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    const response = await fetch(address, { signal, redirect: 'error' });
    if (response.status === 404) throw fail('sub_ledger_unknown', { field: origin });
    const text = await response.text();
    if (!response.ok || text.length > MAX_ANSWER) throw new TypeError(`HTTP ${response.status}`);
    return anchorsSchema
      .parse(JSON.parse(text))
      .map(({ size, root }) => ({ size, root: fromBase64url(root) }));
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AppError') throw cause;
    throw fail('registry_unavailable', { field: 'parent', cause });
  }
}
