import type { ProofSource } from '@attestel/ledger';
import type { DidResolution, ResolutionOptions } from '../types.ts';

/** Some 10 MB of usual answers, and as much again of their texts. */
const KEPT = 2000;

/**
 * Proven answers of one checkpoint. Versions by time are left out: what they mean also depends on the clock.
 * An answer in which a document stands is not used once that document has been erased.
 */
export function createAnswerCache(proofs: Pick<ProofSource, 'source'>) {
  let source: object | undefined;
  const answers = new Map<string, Kept>();
  return (
    did: string,
    { receipt, versionId, versionTime }: ResolutionOptions,
    make: () => Kept,
  ): DidResolution => {
    const current = proofs.source();
    if (current !== source) answers.clear();
    source = current;
    if (versionTime !== undefined) return make().resolution;
    const name = `${receipt} ${did} ${versionId}`;
    const known = answers.get(name);
    if (known?.isCurrent()) return known.resolution;
    const made = make();
    const [oldest] = answers.size >= KEPT ? answers.keys() : [];
    if (oldest !== undefined) answers.delete(oldest);
    answers.set(name, made);
    return made.resolution;
  };
}

export interface Kept {
  readonly resolution: DidResolution;
  /** False once its document is gone. */
  readonly isCurrent: () => boolean;
}
