import type { Evidence } from './evidence.ts';
import type { SignedHead } from './signed-head.ts';

/** Checkpoints of a longer log, each with who showed it. */
export interface AheadNote {
  readonly signed: SignedHead;
  readonly shownBy: string;
}

/** Only a log that signs what it does not serve has more. */
const KEPT = 64;

/**
 * Checkpoints that the log signed and this node has not reached. Each is compared with the others at once, so that two
 * histories are found without their entries, and with this node's own when it comes there: a log cannot take one back.
 */
export class AheadNotes {
  /** By body, oldest first. */
  readonly #notes = new Map<string, AheadNote>();

  /** Evidence when another body of this size was shown before. */
  contradiction({ size, body, note }: SignedHead): Evidence | undefined {
    for (const { signed } of this.#notes.values()) {
      if (signed.size === size && signed.body !== body)
        return { kind: 'two-checkpoints', first: signed.note, second: note };
    }
    return undefined;
  }

  add(note: AheadNote): void {
    const { body } = note.signed;
    if (!this.#notes.has(body)) this.#notes.set(body, note);
    for (const oldest of this.#notes.keys()) {
      if (this.#notes.size <= KEPT) break;
      this.#notes.delete(oldest);
    }
  }

  /** Those that a log of this size has reached; they are forgotten here. */
  take(size: number): readonly AheadNote[] {
    const reached = [...this.#notes.values()].filter(({ signed }) => signed.size <= size);
    for (const { signed } of reached) this.#notes.delete(signed.body);
    return reached;
  }
}
