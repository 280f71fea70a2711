import { type Bytes, toHex } from '@attestel/core';
import { sha256 } from '../../sha256.ts';

/** Blocks after which what is still refused is refused for good: engines hand on to who is two behind, and no further. */
const MAX_TRIES = 3;
/** Bounds of what is kept at once; what comes beyond waits for a proposer that has it. */
const MAX_KEPT = 128;
const MAX_KEPT_BYTES = 16_000_000;

export interface EarlyTxs {
  /** For a transaction that another node took and this one refused. */
  keep(tx: Bytes): void;
  /** For a block that this node has committed. Resolves when the engine was asked about all that is kept. */
  onBlock(): Promise<void>;
}

interface Kept {
  readonly tx: Bytes;
  tries: number;
}

/**
 * Transactions that came before the block they build on: an engine that is ahead hands them on to one that has yet to
 * commit that block, whose application refuses them. An engine shows each of its transactions to another one once, and
 * makes no blocks without any: with too few that have it, a transaction would wait for the next one that all have. So
 * what was refused is shown to this node's own engine again when the next blocks are committed.
 */
export function createEarlyTxs(broadcast: (tx: Bytes) => Promise<{ readonly code: number }>): EarlyTxs {
  const kept = new Map<string, Kept>();
  let bytes = 0;
  let trying = Promise.resolve();
  const forget = (name: string, { tx }: Kept): void => {
    if (kept.delete(name)) bytes -= tx.length;
  };
  const tryAgain = async (name: string, early: Kept): Promise<void> => {
    early.tries += 1;
    // An engine that does not take it says so with a code; one that throws has it already, or is not there.
    const { code } = await broadcast(early.tx).catch(() => ({ code: 0 }));
    if (code === 0 || early.tries >= MAX_TRIES) forget(name, early);
  };
  const tryAll = async (): Promise<void> => {
    for (const [name, early] of [...kept]) await tryAgain(name, early);
  };
  return {
    keep(tx) {
      const name = toHex(sha256(tx));
      if (kept.has(name) || kept.size >= MAX_KEPT || bytes + tx.length > MAX_KEPT_BYTES) return;
      kept.set(name, { tx, tries: 0 });
      bytes += tx.length;
    },
    // One after another, also where blocks are faster: they keep their order, and an engine is asked once at a time.
    onBlock() {
      trying = trying.then(tryAll);
      return trying;
    },
  };
}
