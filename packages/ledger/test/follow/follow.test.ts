import { silentLogger, toHex } from '@attestel/core';
import { verifyReceipt } from '@attestel/proof';
import { describe, expect, it } from 'vitest';
import { verifyLedger } from '../../src/index.ts';
import { proofCrypto } from '../../src/signatures/verify-signature.ts';
import { openCosignNetwork, openFollower, policy, urlOf } from '../fixtures/cosign-network.ts';
import { ANN, addition, BOB, START, trust } from '../fixtures/open-test-ledger.ts';

const receiptOf = (bytes: Uint8Array) => verifyReceipt(bytes, { policy, crypto: proofCrypto, now: START });

describe('a node that follows a log', () => {
  it('comes to the same roots by executing every block itself, and cosigns them', async () => {
    const { sequencer, b, stores } = await openCosignNetwork();
    for (let i = 0; i < 3; i++) await sequencer.submit([await addition(ANN, i), await addition(BOB, i)]);
    expect(await b.follow()).toBe(true);
    expect(toHex(b.head().appHash)).toBe(toHex(sequencer.head().appHash));
    expect(b.state('counter').get('all')).toBe(6);
    expect(b.head().checkpoint).toContain('\u2014 b.example ');
    expect(await verifyLedger({ ...trust, store: stores.b })).toMatchObject({ ok: true, height: 3 });
  });

  it('lets the ledger give receipts as soon as a quorum has cosigned, and not before', async () => {
    const { sequencer, b } = await openCosignNetwork();
    await sequencer.submit([await addition(ANN, 0)]);
    expect(() => sequencer.proofs.stateReceipt('counter', 'all', 'full')).toThrow('no checkpoint');
    await b.follow();
    expect(await sequencer.collect()).toBe(false); // c has seen nothing yet
    expect(await receiptOf(sequencer.proofs.stateReceipt('counter', 'all', 'full'))).toMatchObject({
      kind: 'state',
      absent: false,
    });
    expect(await receiptOf(b.proofs.eventReceipt(0, 'full'))).toMatchObject({ kind: 'event', index: 0 });
  });

  it('hands cosignatures on between nodes that do not order', async () => {
    const { sequencer, b, c, reachable } = await openCosignNetwork();
    await sequencer.submit([await addition(ANN, 0)]);
    await b.follow();
    await c.follow();
    reachable.delete(urlOf('a'));
    await b.follow();
    expect(b.head().checkpoint).toContain('\u2014 c.example ');
  });

  it('follows from another follower while the node that orders is away', async () => {
    const { sequencer, b, c, reachable } = await openCosignNetwork();
    await sequencer.submit([await addition(ANN, 0)]);
    await b.follow();
    reachable.delete(urlOf('a'));
    expect(await c.follow()).toBe(true);
    expect(toHex(c.head().appHash)).toBe(toHex(sequencer.head().appHash));
  });

  it('goes on from its store after a restart', async () => {
    const { sequencer, b, stores, reachable } = await openCosignNetwork();
    await sequencer.submit([await addition(ANN, 0)]);
    await b.follow();
    await b.close();
    await sequencer.submit([await addition(ANN, 1)]);
    const again = await openFollower('b', reachable, { store: stores.b });
    expect(again.head().height).toBe(1);
    await again.follow();
    expect(again.head().height).toBe(2);
  });

  it('fetches attachments beside the log, and goes on without those that were erased', async () => {
    const { sequencer, b, c, stores, reachable } = await openCosignNetwork();
    const note = await addition(ANN, 0, { kind: 'note' });
    const attached = { ...note, attachment: Uint8Array.of(1, 2, 3) };
    const [result] = await sequencer.submit([attached]);
    expect(result).toMatchObject({ ok: true });
    await b.follow();
    expect(b.attachment(note.id)).toEqual(Uint8Array.of(1, 2, 3));
    await stores.b.transact((writer) => writer.delete('ledger/attachments', note.id));
    reachable.delete(urlOf('a'));
    await c.follow();
    expect(c.head().height).toBe(1);
    expect(c.attachment(note.id)).toBeUndefined();
  });

  it('asks the other nodes for an attachment that its mirror does not show, and takes no other one', async () => {
    const { sequencer, b, c, reachable } = await openCosignNetwork();
    const note = await addition(ANN, 0, { kind: 'note' });
    const attachment = Uint8Array.of(1, 2, 3);
    await sequencer.submit([{ ...note, attachment }]);
    await b.follow();
    reachable.set(urlOf('a'), { ...sequencer, attachment: () => undefined });
    await c.follow();
    expect([c.head().height, c.attachment(note.id)]).toEqual([1, attachment]);
    const lines: string[] = [];
    const logger = { ...silentLogger, warn: (event: string) => void lines.push(event) };
    reachable.delete(urlOf('c'));
    const child = () => logger;
    reachable.set(urlOf('b'), { ...b, attachment: () => undefined });
    const again = await openFollower('c', reachable, { logger: { ...logger, child } });
    await again.follow();
    expect([again.head().height, again.attachment(note.id)]).toEqual([1, undefined]);
    expect(lines).toContain('attachments_missing');
  });

  it('follows many blocks over several bundles', async () => {
    const { sequencer, b } = await openCosignNetwork();
    for (let i = 0; i < 140; i++) await sequencer.submit([await addition(ANN, i), await addition(BOB, i)]);
    expect(sequencer.head().size).toBeGreaterThan(256);
    await b.follow();
    expect(toHex(b.head().appHash)).toBe(toHex(sequencer.head().appHash));
  });

  it('fetches entries that no bundle can hold one by one', async () => {
    const { sequencer, b } = await openCosignNetwork();
    const large = { amount: 1, text: 'x'.repeat(70_000) };
    await sequencer.submit([await addition(ANN, 0), await addition(BOB, 0, { body: large })]);
    await b.follow();
    expect(toHex(b.head().appHash)).toBe(toHex(sequencer.head().appHash));
  });

  it('hands operations to the node that orders and answers when it has executed them itself', async () => {
    const { b } = await openCosignNetwork();
    const late = b.submit([await addition(ANN, 0), await addition(BOB, 7)]);
    const following = setInterval(() => void b.follow(), 5);
    const results = await late;
    clearInterval(following);
    expect(results).toMatchObject([
      { ok: true, index: 0, height: 1, events: [{ type: 'added' }] },
      { ok: false, error: { code: 'sequence_conflict' } },
    ]);
    expect(b.state('counter').get('all')).toBe(1);
  });
});
