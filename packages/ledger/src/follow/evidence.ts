import { type Bytes, type CborValue, decodeCbor, encodeCbor, equalBytes } from '@attestel/core';
import { ProofError, verifyConsistency } from '@attestel/proof';
import type { LogFault } from '../replay/entry.ts';
import { sha256 } from '../sha256.ts';
import { type LogTrust, openSignedNote } from './signed-head.ts';

/** What shows that a log is at fault. Notes are whole, with the log's signature. */
export type Evidence =
  /** Two bodies of one size, both signed by the log. */
  | { readonly kind: 'two-checkpoints'; readonly first: string; readonly second: string }
  /** The log signed `newer`, whose first entries have another root than the log signed in `older`. */
  | {
      readonly kind: 'inconsistent';
      readonly older: string;
      readonly newer: string;
      /** Root of the newer log at the older size. */
      readonly otherRoot: Bytes;
      /** RFC 6962 consistency proof from that root to the newer one. */
      readonly path: readonly Bytes[];
    }
  /** The log signed entries that break its rules, or roots that they do not make. */
  | {
      readonly kind: 'bad-block';
      readonly note: string;
      /** First bad entry, or the last that the note covers. */
      readonly index: number;
      readonly reason: LogFault;
      readonly detail: string;
    };

/**
 * Whether the evidence proves two histories by itself, to anybody who has the log's key. A bad block is proven by
 * replaying the log, not by its note.
 */
export function provesFork(evidence: Evidence, trust: LogTrust): boolean {
  try {
    if (evidence.kind === 'two-checkpoints') {
      const [a, b] = [openSignedNote(evidence.first, trust), openSignedNote(evidence.second, trust)];
      return a.size === b.size && a.body !== b.body;
    }
    if (evidence.kind === 'bad-block') return false;
    const older = openSignedNote(evidence.older, trust);
    const newer = openSignedNote(evidence.newer, trust);
    const { otherRoot: fromRoot, path } = evidence;
    verifyConsistency(sha256, { from: older.size, to: newer.size, fromRoot, toRoot: newer.root, path });
    return older.size > 0 && !equalBytes(fromRoot, older.root);
  } catch (error) {
    if (error instanceof ProofError) return false;
    throw error;
  }
}

export const encodeEvidence = (evidence: Evidence): { readonly [field: string]: CborValue } =>
  ({ ...evidence }) as { [field: string]: CborValue };

/** An alarm as the store keeps it. */
export interface Alarm {
  /** From 1, one after the other. */
  readonly id: number;
  /** When it was raised, unix seconds. */
  readonly time: number;
  /** Who showed the conflicting note: a URL of the node's own configuration. */
  readonly shownBy: string;
  readonly evidence: Evidence;
}

export const encodeAlarm = ({ evidence, ...alarm }: Alarm): Bytes =>
  encodeCbor({ ...alarm, evidence: encodeEvidence(evidence) });

export const decodeAlarm = (bytes: Bytes): Alarm => decodeCbor(bytes) as unknown as Alarm;
