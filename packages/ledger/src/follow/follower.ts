import { type Bytes, isAppError, type Logger, type Store } from '@attestel/core';
import { ProofError } from '@attestel/proof';
import { fail } from '../errors.ts';
import type { Candidate } from '../executor/executor.ts';
import type { LedgerExecutor } from '../executor/ledger-executor.ts';
import type { LedgerHost } from '../executor/ledger-host.ts';
import { createBlockReplay } from '../replay/block-replay.ts';
import { type LogEntry, LogFaultError } from '../replay/entry.ts';
import { isAccepted } from '../state/execute-block.ts';
import type { RuleBook } from '../state/rules.ts';
import { AheadNotes } from './ahead-notes.ts';
import type { AlarmLog } from './alarm-log.ts';
import { beginsWith, readClaim, rememberTiles } from './claimed-block.ts';
import { examineNote } from './examine-note.ts';
import { codeOfMirrorFault, FaultFound, faultIn } from './faults.ts';
import { createEntryReader, findFork, makeRoot, readBlockEntries, withAttachments } from './fetch-block.ts';
import type { LogMirror } from './log-mirror.ts';
import { createLookAround, type Look } from './look-around.ts';
import { patientWith } from './patient-mirror.ts';
import { type BlockHead, type LogTrust, openSignedNote, type SignedHead } from './signed-head.ts';

export interface FollowerParts {
  readonly book: RuleBook;
  readonly store: Store;
  readonly executor: LedgerExecutor;
  readonly host: LedgerHost;
  readonly trust: LogTrust;
  readonly genesis?: readonly Bytes[] | undefined;
  /** The log's own node first, then other nodes that follow it. */
  readonly mirrors: readonly LogMirror[];
  readonly alarms: AlarmLog;
  readonly logger: Logger;
}

/** A checkpoint that a mirror shows. */
interface Shown {
  readonly mirror: LogMirror;
  readonly signed: SignedHead;
}

/** The next block of a mirror, and the checkpoint that says it is the log's: its own, or a later one. */
interface NextBlock {
  readonly block: BlockHead;
  readonly signed: SignedHead;
}

/** For a page of blocks with all that belongs to it; no mirror may hold up a round for longer. */
const PATIENCE_MILLISECONDS = 60_000;

/** For attachments of one block that its mirror does not have. */
const OTHERS_MILLISECONDS = 10_000;

/** Follows a log: executes what it signed, compares roots, cosigns. Stops for good when the log is at fault. */
export class Follower {
  readonly #parts: FollowerParts;
  readonly #lookAround: () => Promise<readonly Look[]>;
  readonly #ahead = new AheadNotes();
  /** Why each mirror was passed over last; empty after an answer. */
  readonly #passedOver = new Map<string, string>();
  /** Mirrors whose last try brought no block: the others come first. */
  readonly #unhelpful = new Set<string>();

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    this.#lookAround = createLookAround(parts.mirrors, parts.trust, () => parts.executor.head.height);
  }

  /**
   * Asks every mirror once and goes as far as they lead. Returns whether the newest signed checkpoint seen is now this
   * node's head. A mirror that does not answer, or in bad form, is passed over.
   * @throws AppError following_stopped; ledger_halted, version_missing, cosign_refused from the executor
   */
  async round(): Promise<boolean> {
    if (this.#parts.alarms.standing()) throw fail('following_stopped');
    try {
      const shown = this.#shownIn(await this.#lookAround());
      const reached = await this.#goOn(shown);
      // What was ahead before may contradict what was executed since.
      for (const { signed, shownBy } of this.#ahead.take(this.#parts.executor.head.size))
        this.#examine(signed, shownBy);
      return reached;
    } catch (found) {
      if (!(found instanceof FaultFound)) throw found;
      await this.#parts.alarms.raise(found.evidence, found.shownBy);
      throw fail('following_stopped');
    }
  }

  #shownIn(looks: readonly Look[]): readonly Shown[] {
    return looks.flatMap((look) => {
      if ('error' in look) this.#passOver(look.mirror, look.error);
      else this.#passedOver.set(look.mirror.url, '');
      return 'error' in look ? [] : [look];
    });
  }

  async #goOn(shown: readonly Shown[]): Promise<boolean> {
    for (const { mirror, signed } of shown) {
      this.#examine(signed, mirror.url);
      if (signed.size > this.#parts.executor.head.size) this.#ahead.add({ signed, shownBy: mirror.url });
    }
    const { executor } = this.#parts;
    const longest = Math.max(0, ...shown.map(({ signed }) => signed.size));
    const rank = ({ mirror }: Shown): number => Number(this.#unhelpful.has(mirror.url));
    for (const one of shown.toSorted((a, b) => rank(a) - rank(b) || b.signed.size - a.signed.size)) {
      if (one.signed.size <= executor.head.size) continue;
      this.#unhelpful.add(one.mirror.url);
      await this.#advance(one).catch((error: unknown) => this.#passOver(one.mirror, error));
    }
    return shown.length > 0 && executor.head.size >= longest;
  }

  /** Takes cosignatures from a note that is ours; ends the round when it contradicts our history. */
  #examine(signed: SignedHead, shownBy: string): void {
    const { store, executor, host } = this.#parts;
    const own = { store, proofs: host.ledger.proofs, head: () => executor.head };
    const verdict = examineNote(own, signed);
    const evidence = verdict.kind === 'ahead' ? this.#ahead.contradiction(signed) : faultIn(verdict);
    if (evidence) throw new FaultFound(evidence, shownBy);
    if (verdict.kind === 'known') this.#takeCosignatures(signed.note, shownBy);
  }

  /** An old checkpoint takes no more of them; a wrong line is its sender's fault, not the log's. */
  #takeCosignatures(note: string, from: string): void {
    const { host, logger } = this.#parts;
    try {
      host.ledger.cosign(note);
    } catch (error) {
      if (!(error instanceof ProofError) && !(isAppError(error) && error.code === 'checkpoint_unknown'))
        throw error;
      logger.debug('cosignatures_not_taken', { from, code: error.code });
    }
  }

  async #advance({ mirror, signed }: Shown): Promise<void> {
    const { executor } = this.#parts;
    while (executor.head.size < signed.size) {
      const source = patientWith(mirror, PATIENCE_MILLISECONDS);
      const reader = createEntryReader(source);
      const tiles = { ...source, tile: rememberTiles(source.tile) };
      for (const { checkpoint } of await source.blocks(executor.head.height + 1)) {
        const next = this.#nextBlock(checkpoint, signed);
        const { block } = next;
        // Bundles are asked for at the size that the newest note says: that size has them.
        if (block.size > signed.size) return;
        // Before anything is cosigned: a witness stands by one body for each size, of all that it was ever shown.
        if (block === next.signed) this.#examine(next.signed, mirror.url);
        const entries = await readBlockEntries(reader, executor.head, block, signed.size);
        await this.#assertOfLog(tiles, next, entries);
        await this.#execute(source, next, entries);
        this.#unhelpful.delete(mirror.url);
      }
    }
  }

  /**
   * Of a log with a key, each block's checkpoint is signed. Where a quorum signs for it, some blocks were followed by the
   * next before it had: then the mirror claims what is proven from the checkpoint that led here.
   */
  #nextBlock(checkpoint: string, signed: SignedHead): NextBlock {
    const { trust } = this.#parts;
    if (trust.checkpointKey) {
      const block = openSignedNote(checkpoint, trust);
      return { block, signed: block };
    }
    const claim = readClaim(checkpoint, trust.origin);
    return { block: claim.size === signed.size ? signed : claim, signed };
  }

  /** Entries that make a root which the log signed, or which a signed one builds on, are the log's, whoever brought them. */
  async #assertOfLog(
    mirror: LogMirror,
    { block, signed }: NextBlock,
    entries: readonly Bytes[],
  ): Promise<void> {
    const { executor } = this.#parts;
    const isOfLog =
      makeRoot(executor.record, entries, block) &&
      (block === signed || (await beginsWith(mirror.tile, signed, block)));
    if (isOfLog) return;
    const evidence = await findFork(mirror, executor.head, signed);
    if (evidence) throw new FaultFound(evidence, mirror.url);
    throw fail('answer_invalid', { field: 'entries' });
  }

  async #execute(mirror: LogMirror, next: NextBlock, bytes: readonly Bytes[]): Promise<void> {
    const { book, store, executor, genesis, logger } = this.#parts;
    const { size, height } = executor.head;
    const last = bytes.length - 1;
    const rules = book.at(store, height + 1);
    const bare = bytes.map((entry, i) => ({ index: size + i, bytes: entry }));
    const { entries, missing } = await withAttachments(mirror, this.#othersThan(mirror), rules, bare);
    const seal = (candidate: Candidate, entry: LogEntry) => this.#seal(candidate, entry, { mirror, ...next });
    const replay = createBlockReplay({ book, store, executor, genesis, seal });
    try {
      for (const [i, entry] of entries.entries()) {
        await replay.add(i === last ? { ...entry, checkpoint: next.block.note } : entry);
      }
      replay.finish();
      if (missing.length > 0)
        logger.warn('attachments_missing', { height: height + 1, count: missing.length });
    } catch (error) {
      if (!(error instanceof LogFaultError)) throw error;
      const { index, reason, message: detail } = error;
      throw new FaultFound({ kind: 'bad-block', note: next.signed.note, index, reason, detail }, mirror.url);
    }
  }

  #othersThan({ url }: LogMirror): readonly LogMirror[] {
    return this.#parts.mirrors
      .filter((other) => other.url !== url)
      .map((other) => patientWith(other, OTHERS_MILLISECONDS));
  }

  /** The last comparison before anything is durable or cosigned. */
  async #seal(
    candidate: Candidate,
    { index, checkpoint }: LogEntry,
    { mirror, block, signed }: NextBlock & Pick<Shown, 'mirror'>,
  ): Promise<void> {
    const { executor, host } = this.#parts;
    if (checkpoint === undefined) throw fail('answer_invalid', { field: 'blocks' });
    // The state in the block's leaf, which is of the log, was compared: what else is said beside it is the mirror's.
    if (candidate.body !== block.body && block !== signed) throw fail('answer_invalid', { field: 'blocks' });
    if (candidate.body !== block.body) {
      throw new LogFaultError(index, 'state_mismatch', 'the entries so far do not make the signed state');
    }
    const head = await executor.commitFollowed(candidate, block.logSignature);
    host.deliver({ head, operations: candidate.outcomes.filter(isAccepted) });
    this.#takeCosignatures(block.note, mirror.url);
  }

  /** Mirrors may be down, behind, or lie: none of it is the log's fault. Told when it begins, not in every round. */
  #passOver({ url }: LogMirror, error: unknown): void {
    const code = codeOfMirrorFault(error);
    if (code === undefined) throw error;
    // Directly after a block, its witnesses have not all signed; a mirror is not to blame for that.
    if (code === 'quorum_not_met') return;
    const before = this.#passedOver.get(url);
    this.#passedOver.set(url, code);
    const { logger } = this.#parts;
    // Nodes that start together do not find each other at once.
    if (before === undefined && code === 'ledger_unreachable')
      logger.info('mirror_passed_over', { mirror: url, code });
    else if (before !== code) logger.warn('mirror_passed_over', { mirror: url, code });
  }
}
