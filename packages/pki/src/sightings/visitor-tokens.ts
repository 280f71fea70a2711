import { type Bytes, fromHex, toHex } from '@attestel/core';
import { epochOf, sightingToken } from '../rules/sightings.ts';
import { sha256 } from '../sha256.ts';
import type { Seen } from './clone-detector.ts';

/** Tokens of others that are remembered of one epoch. */
const MAX_TOKENS = 200_000;

/** What other operators say, in the log, that they see. */
export interface VisitorTokens {
  heard(epoch: number, tokens: readonly Bytes[]): void;
  /** Whether it was seen elsewhere, in this epoch and in the one before, while it was here all the time. */
  isElsewhere(seen: Seen, now: number): boolean;
  /** Tokens of this epoch that were not taken yet. */
  take(seen: readonly Seen[], now: number): readonly Bytes[];
}

export function createVisitorTokens(): VisitorTokens {
  const heard = new Map<number, Set<string>>();
  let taken = { epoch: 0, certificates: new Set<string>() };
  const tokenOf = ({ secret }: Seen, epoch: number): Bytes => sightingToken(fromHex(secret), epoch, sha256);
  return {
    heard(epoch, tokens) {
      const known = heard.get(epoch) ?? new Set();
      heard.set(epoch, known);
      for (const token of tokens) if (known.size < MAX_TOKENS) known.add(toHex(token));
      // Three: reports of the epoch before come late.
      for (const old of heard.keys()) if (old < epoch - 2) heard.delete(old);
    },
    isElsewhere(seen, now) {
      const epoch = epochOf(now);
      const both = [epoch, epoch - 1].map((one) => heard.get(one));
      if (!both.every((tokens) => tokens && tokens.size > 0) || epochOf(seen.since) >= epoch) return false;
      return both.every((tokens, i) => tokens?.has(toHex(tokenOf(seen, epoch - i))));
    },
    take(seen, now) {
      const epoch = epochOf(now);
      if (taken.epoch !== epoch) taken = { epoch, certificates: new Set() };
      const { certificates } = taken;
      const fresh = seen.filter(({ certificate }) => !certificates.has(certificate));
      for (const { certificate } of fresh) certificates.add(certificate);
      return fresh.map((one) => tokenOf(one, epoch));
    },
  };
}
