import { equalBytes, toHex } from '@attestel/core';
import { createFrontier, type Policy, verifyReceipt } from '@attestel/proof';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BlockNotice, Ledger, OperationResult } from '../../src/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { proofCrypto } from '../../src/signatures/verify-signature.ts';
import { ANN, addition as additionAt, BOB, CYD, START } from '../fixtures/open-test-ledger.ts';

/** A ledger under some driver, founded with {@link genesisOperations}. */
export interface DrivenLedger {
  /** The present one: another object after a reopening. */
  readonly ledger: Ledger;
  /** Whose cosignatures its receipts carry. */
  readonly policy: Policy;
  /** Time of its blocks, unix seconds, where it runs by the wall clock; default: that of the other tests. */
  readonly now?: number;
  /** Until receipts of the head can be had. */
  settle(): Promise<void>;
  /** As a process that ends and starts again over the same store. */
  reopen(): Promise<void>;
  /** The next commit fails although the disk has it; of those who say that they can. */
  readonly failNextCommit?: () => void;
  close(): Promise<void>;
}

/** Block 1 of every ledger of the suite. */
export const genesisOperations = async () => [await additionAt(ANN, 0, { body: { amount: 5 } })];

const outcomes = (results: readonly OperationResult[]): string[] =>
  results.map((result) => (result.ok ? 'taken' : result.error.code));

/**
 * What every ledger does, whoever orders its operations. Failing commits are here for those that submit to the store
 * whose commit fails; the tests of the others (follower, CometBFT) have them in their own terms.
 */
export function ledgerSuite(
  name: string,
  open: () => Promise<DrivenLedger>,
  { failsCommits = false }: { failsCommits?: boolean } = {},
): void {
  describe(`${name}: a ledger`, () => {
    let driven: DrivenLedger;
    const total = (actor: string): unknown => driven.ledger.state('counter').get(`total/${actor}`);
    const addition: typeof additionAt = (actor, sequence, overrides) =>
      additionAt(actor, sequence, { notAfter: (driven.now ?? START) + 3600, ...overrides });
    beforeEach(async () => {
      driven = await open();
    });
    afterEach(() => driven.close());

    it('begins with its genesis', () => {
      expect(driven.ledger.head()).toMatchObject({ height: 1, size: 2 });
      expect(total(ANN)).toBe(5);
    });

    it('takes operations and answers each with its place in the log and its events', async () => {
      const operation = await addition(BOB, 0, { body: { amount: 3 } });
      const [result] = await driven.ledger.submit([operation]);
      expect(result).toMatchObject({
        ok: true,
        index: 2,
        height: 2,
        events: [{ type: 'added', data: { sum: 3 } }],
      });
      expect(driven.ledger.indexOf(operation.id)).toBe(2);
      expect(total(BOB)).toBe(3);
    });

    it('executes many operations of several actors, each actor’s in their order', async () => {
      const operations = await Promise.all(
        Array.from({ length: 60 }, (_, i) => addition(i % 2 === 0 ? BOB : CYD, Math.floor(i / 2))),
      );
      expect(new Set(outcomes(await driven.ledger.submit(operations)))).toEqual(new Set(['taken']));
      expect([total(BOB), total(CYD), driven.ledger.sequence('counter', BOB)]).toEqual([30, 30, 30]);
    });

    it('refuses one operation without harm to the others, and keeps no trace of it', async () => {
      const results = await driven.ledger.submit([
        await addition(BOB, 0, { body: { amount: 900 } }),
        await addition(BOB, 1, { body: { amount: 900 } }),
        await addition(CYD, 0),
      ]);
      expect(outcomes(results)).toEqual(['taken', 'counter_full', 'taken']);
      expect([total(BOB), total(CYD)]).toEqual([900, 1]);
      expect(driven.ledger.sequence('counter', BOB)).toBe(1);
    });

    it('refuses what is for another ledger, out of sequence or not signed by its actor', async () => {
      const before = driven.ledger.head();
      const wrong = [
        await addition(BOB, 0, { network: 'other' }),
        await addition(ANN, 0),
        await addition(BOB, 0, { module: 'nothing' }),
      ];
      expect(outcomes(await driven.ledger.submit(wrong))).toEqual([
        'wrong_network',
        'sequence_conflict',
        'unknown_module',
      ]);
      expect(toHex(driven.ledger.head().appHash)).toBe(toHex(before.appHash));
    });

    it('executes an operation once, however often it comes', async () => {
      const operation = await addition(BOB, 0);
      const both = await Promise.all([driven.ledger.submit([operation]), driven.ledger.submit([operation])]);
      expect(both.flat().some(({ ok }) => ok)).toBe(true);
      const [again] = await driven.ledger.submit([operation]);
      expect(again?.ok).toBe(false);
      expect(total(BOB)).toBe(1);
    });

    it('keeps in its log exactly what its checkpoint covers', async () => {
      await driven.ledger.submit([await addition(BOB, 0), await addition(CYD, 0)]);
      const frontier = createFrontier(sha256);
      for (const { bytes } of driven.ledger.entries(0, 1000)) frontier.append(bytes);
      const { size, root } = driven.ledger.head();
      expect(frontier.size).toBe(size);
      expect(equalBytes(frontier.root(), root)).toBe(true);
      const blocks = [...driven.ledger.blocks(1, 1000)];
      expect(blocks.at(-1)).toMatchObject({ height: driven.ledger.head().height, size });
    });

    it('tells of every block, in order, when it is durable', async () => {
      const notices: BlockNotice[] = [];
      const leave = driven.ledger.onBlock((notice) => {
        notices.push(notice);
        for (const { operation, index } of notice.operations)
          expect(driven.ledger.indexOf(operation.id)).toBe(index);
      });
      for (let i = 0; i < 3; i++) await driven.ledger.submit([await addition(BOB, i)]);
      leave();
      await driven.ledger.submit([await addition(BOB, 3)]);
      expect(notices.map(({ head }) => head.height)).toEqual([2, 3, 4]);
      expect(notices.flatMap(({ operations }) => operations.map(({ index }) => index))).toEqual([2, 4, 6]);
    });

    it('proves what its state holds and does not hold, and what its log holds', async () => {
      const operation = await addition(BOB, 0, { body: { amount: 3 } });
      await driven.ledger.submit([operation]);
      await driven.settle();
      const { proofs } = driven.ledger;
      const verify = (bytes: Uint8Array) =>
        verifyReceipt(bytes, { policy: driven.policy, crypto: proofCrypto });
      const present = await verify(proofs.stateReceipt('counter', `total/${BOB}`, 'full'));
      expect(present).toMatchObject({ kind: 'state', absent: false, value: Uint8Array.of(3) });
      const absent = await verify(proofs.stateReceipt('counter', `total/${CYD}`, 'full'));
      expect(absent).toMatchObject({ kind: 'state', absent: true });
      expect(absent.checkpoint.size).toBe(driven.ledger.head().size);
      expect(await verify(proofs.eventReceipt(2, 'full'))).toMatchObject({ kind: 'event', index: 2 });
    });

    it('is the same after it was closed and opened again, and goes on', async () => {
      await driven.ledger.submit([await addition(BOB, 0)]);
      const before = driven.ledger.head();
      await driven.reopen();
      expect(toHex(driven.ledger.head().appHash)).toBe(toHex(before.appHash));
      expect(outcomes(await driven.ledger.submit([await addition(BOB, 0)]))).not.toEqual(['taken']);
      expect(outcomes(await driven.ledger.submit([await addition(BOB, 1)]))).toEqual(['taken']);
      expect(total(BOB)).toBe(2);
    });

    if (!failsCommits) return;
    it('acknowledges nothing that it does not know to be durable, and goes on after it is opened again', async () => {
      if (!driven.failNextCommit) throw new TypeError('suite: this ledger said that its commits can fail');
      driven.failNextCommit();
      expect(outcomes(await driven.ledger.submit([await addition(BOB, 0)]))).toEqual(['outcome_unknown']);
      expect(outcomes(await driven.ledger.submit([await addition(CYD, 0)]))).toEqual(['ledger_halted']);
      await driven.reopen();
      expect(total(BOB)).toBe(1);
      expect(outcomes(await driven.ledger.submit([await addition(BOB, 1)]))).toEqual(['taken']);
    });
  });
}
