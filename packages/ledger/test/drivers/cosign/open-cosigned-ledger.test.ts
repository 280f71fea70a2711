import { createMemoryStore, silentLogger } from '@attestel/core';
import { verifyReceipt } from '@attestel/proof';
import { describe, expect, it } from 'vitest';
import { startCollector } from '../../../src/index.ts';
import { proofCrypto } from '../../../src/signatures/verify-signature.ts';
import {
  openCosignNetwork,
  openFollower,
  openSequencer,
  policy,
  type Reachable,
  urlOf,
} from '../../fixtures/cosign-network.ts';
import { ANN, addition, BOB } from '../../fixtures/open-test-ledger.ts';

describe('the cosign driver', () => {
  it('acknowledges while every peer is away; only receipts wait', async () => {
    const { sequencer, reachable, c } = await openCosignNetwork();
    reachable.delete(urlOf('b'));
    reachable.delete(urlOf('c'));
    expect(await sequencer.submit([await addition(ANN, 0)])).toMatchObject([{ ok: true }]);
    expect(await sequencer.collect()).toBe(false);
    expect(() => sequencer.proofs.eventReceipt(0, 'full')).toThrow('no checkpoint');
    await c.follow();
    reachable.set(urlOf('c'), c);
    await sequencer.collect();
    const receipt = sequencer.proofs.eventReceipt(0, 'full');
    expect(await verifyReceipt(receipt, { policy, crypto: proofCrypto })).toMatchObject({ index: 0 });
  });

  it('gives receipts of the newest block with a quorum while a newer one waits for it', async () => {
    const { sequencer, b } = await openCosignNetwork();
    await sequencer.submit([await addition(ANN, 0)]);
    await b.follow();
    await sequencer.collect();
    await sequencer.submit([await addition(BOB, 0)]);
    const verified = await verifyReceipt(sequencer.proofs.stateReceipt('counter', 'all', 'full'), {
      policy,
      crypto: proofCrypto,
    });
    expect(verified).toMatchObject({ value: Uint8Array.of(1), checkpoint: { size: 2 } });
  });

  it('takes nothing from a peer that shows another ledger, nonsense, or wrong signatures', async () => {
    const { sequencer, b, reachable } = await openCosignNetwork();
    await sequencer.submit([await addition(ANN, 0)]);
    await b.follow();
    const note = b.head().checkpoint;
    const wrong = note.replace(
      /(\u2014 b\.example \S{20})(.)/,
      (_, start, at) => `${start}${at === 'A' ? 'B' : 'A'}`,
    );
    for (const shown of ['nonsense', '', note.replace('ledger.example', 'other.example'), wrong]) {
      reachable.set(urlOf('b'), { ...b, head: () => ({ ...b.head(), checkpoint: shown }) });
      const before = sequencer.head().checkpoint;
      await sequencer.collect();
      expect(sequencer.head().checkpoint).toBe(before);
    }
  });

  it('collects by itself after each block, and stops when it is closed', async () => {
    const reachable: Reachable = new Map();
    const sequencer = await openSequencer(reachable, { pollMilliseconds: 50 });
    reachable.set(urlOf('a'), sequencer);
    const b = await openFollower('b', reachable, { store: createMemoryStore(), pollMilliseconds: 5 });
    reachable.set(urlOf('b'), b);
    await sequencer.submit([await addition(ANN, 0)]);
    while (!sequencer.head().checkpoint.includes('\u2014 b.example')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await b.close();
    await sequencer.close();
    expect(await sequencer.submit([await addition(ANN, 1)])).toMatchObject([
      { ok: false, error: { code: 'ledger_closed' } },
    ]);
  });

  it('survives a peer whose answer breaks in the middle', async () => {
    const { sequencer } = await openCosignNetwork();
    let asked = 0;
    const peer = {
      url: urlOf('b'),
      checkpoint: async () => {
        asked += 1;
        throw new RangeError('a bug');
      },
    };
    const events: string[] = [];
    const logger = { ...silentLogger, error: (event: string) => void events.push(event) };
    const collector = startCollector({ ledger: sequencer, peers: [peer], pollMilliseconds: 1, logger });
    while (asked < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    await collector.stop();
    expect(events).toContain('collect_failed');
  });

  it('does not wait with one peer for another that never answers', async () => {
    const { sequencer } = await openCosignNetwork();
    let asked = 0;
    const peers = [
      { url: urlOf('b'), checkpoint: () => new Promise<string>(() => {}) },
      {
        url: urlOf('c'),
        async checkpoint() {
          asked += 1;
          return 'nonsense';
        },
      },
    ];
    startCollector({ ledger: sequencer, peers, pollMilliseconds: 1, logger: silentLogger });
    while (asked < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  });
});
