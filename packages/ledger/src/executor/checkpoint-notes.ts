import { type Bytes, equalBytes, toHex } from '@attestel/core';
import {
  assertQuorum,
  type Cosignature,
  cosignatureMessage,
  formatNote,
  type NoteSignature,
  type Policy,
  ProofError,
  parseCosignature,
  parseNote,
  type Witness,
} from '@attestel/proof';
import type { Head } from '../ledger.ts';
import { appHashOf } from '../log/head.ts';
import { proofCrypto } from '../signatures/verify-signature.ts';

/** Checkpoints that can still collect cosignatures. */
const KEPT = 256;

/** A checkpoint of this ledger with the signatures known of it. */
export interface CheckpointNote {
  readonly height: number;
  readonly size: number;
  readonly root: Bytes;
  readonly hash: Bytes;
  readonly body: string;
  readonly signatures: readonly NoteSignature[];
}

/** The last checkpoints and who has signed them so far. */
export class CheckpointNotes {
  readonly #policy: Policy | undefined;
  /** By hash of the body, oldest first. */
  readonly #notes = new Map<string, CheckpointNote>();
  /** Kept until a note is added or signed. */
  #newestTrusted: { readonly note: CheckpointNote | undefined } | undefined;

  constructor(policy: Policy | undefined) {
    this.#policy = policy;
  }

  /** A new head, with the signatures in its note. */
  add({ height, size, root, appHash, body, checkpoint }: Head): void {
    const signatures = checkpoint === '' ? [] : parseNote(checkpoint).signatures;
    this.#notes.set(toHex(appHash), { height, size, root, hash: appHash, body, signatures });
    this.#newestTrusted = undefined;
    for (const oldest of this.#notes.keys()) {
      if (this.#notes.size <= KEPT) break;
      this.#notes.delete(oldest);
    }
  }

  get(hash: Bytes): CheckpointNote | undefined {
    return this.#notes.get(toHex(hash));
  }

  /** The note that somebody else's signatures are for, if it is a recent one of ours. */
  matching(note: string): CheckpointNote | undefined {
    return this.get(appHashOf(parseNote(note).text));
  }

  /** Signatures of this node itself: taken as they are. */
  put(hash: Bytes, signatures: readonly NoteSignature[]): CheckpointNote | undefined {
    const known = this.get(hash);
    if (!known) return undefined;
    const next = { ...known, signatures: signatures.reduce(withSignature, known.signatures) };
    this.#notes.set(toHex(hash), next);
    this.#newestTrusted = undefined;
    return next;
  }

  /**
   * Cosignatures of the policy's witnesses in a note, those that are new here, one a witness. A wrong line does not
   * spoil those beside it.
   * @throws ProofError cosignature_malformed, cosignature_invalid when nothing but wrong lines would be new
   */
  newIn(known: CheckpointNote, note: string): readonly NoteSignature[] {
    let added: readonly NoteSignature[] = [];
    let wrong: ProofError | undefined;
    for (const line of parseNote(note).signatures) {
      try {
        if (this.#isNew({ ...known, signatures: [...known.signatures, ...added] }, line))
          added = withSignature(added, line);
      } catch (error) {
        if (!(error instanceof ProofError)) throw error;
        wrong = error;
      }
    }
    if (wrong && added.length === 0) throw wrong;
    return added;
  }

  #isNew({ body, signatures }: CheckpointNote, line: NoteSignature): boolean {
    const witness = this.#witnessOf(line);
    if (!witness || signatures.some((own) => isSameKey(own, line) && !isNewer(line, own))) return false;
    const { time, signature } = parseCosignature(line);
    if (!proofCrypto.verifyEd25519(witness.publicKey, cosignatureMessage(body, time), signature)) {
      throw new ProofError('cosignature_invalid', 'cosignature: a witness did not sign this');
    }
    return true;
  }

  /** The newest checkpoint that a quorum cosigned; without a policy, the newest. */
  newestTrusted(): CheckpointNote | undefined {
    this.#newestTrusted ??= {
      note: [...this.#notes.values()].findLast((note) => this.#isTrusted(note)),
    };
    return this.#newestTrusted.note;
  }

  /** Cosignatures that a receipt carries. */
  cosignatures({ signatures }: CheckpointNote): readonly Cosignature[] {
    const policy = this.#policy;
    return signatures
      .filter((line) => (policy ? this.#witnessOf(line) !== undefined : line.signature.length === 72))
      .map(parseCosignature);
  }

  #isTrusted(note: CheckpointNote): boolean {
    if (!this.#policy) return true;
    const verified = note.signatures.flatMap((line) => {
      const witness = this.#witnessOf(line);
      return witness ? [{ witness, time: parseCosignature(line).time }] : [];
    });
    try {
      assertQuorum(this.#policy, verified);
      return true;
    } catch (error) {
      if (error instanceof ProofError) return false;
      throw error;
    }
  }

  #witnessOf({ name, keyId }: NoteSignature): Witness | undefined {
    return this.#policy?.witnesses.find((one) => one.keyName === name && equalBytes(one.keyId, keyId));
  }
}

export const noteOf = ({ body, signatures }: CheckpointNote): string =>
  signatures.length === 0 ? '' : formatNote(body, signatures);

const isSameKey = (a: NoteSignature, b: NoteSignature): boolean =>
  a.name === b.name && equalBytes(a.keyId, b.keyId);

const isNewer = (a: NoteSignature, b: NoteSignature): boolean =>
  parseCosignature(a).time > parseCosignature(b).time;

/** In the place of an older one of the same key, or at the end. */
function withSignature(list: readonly NoteSignature[], added: NoteSignature): readonly NoteSignature[] {
  const at = list.findIndex((one) => isSameKey(one, added));
  return at < 0 ? [...list, added] : list.with(at, added);
}
