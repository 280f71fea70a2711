import { createMemoryStore, silentLogger, toHex } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { type Ledger, type LedgerModule, openLedger, provesFork } from '../../src/index.ts';
import { openFollower, type Reachable, urlOf } from '../fixtures/cosign-network.ts';
import { counterModule, registerModule } from '../fixtures/counter-module.ts';
import {
  ANN,
  addition,
  BOB,
  manualClock,
  START,
  testLedgerOptions,
  trust,
} from '../fixtures/open-test-ledger.ts';
import { ed25519Signer } from '../fixtures/signers.ts';

/** A history of the one log key: whoever has the key can make as many as it likes. */
async function history(
  amounts: readonly number[],
  options: Partial<Parameters<typeof openLedger>[0]> = {},
): Promise<Ledger> {
  const clock = manualClock(START * 1000);
  const ledger = await openLedger({ ...testLedgerOptions(), clock, ...options });
  for (const [i, amount] of amounts.entries()) {
    clock.ms += 1000;
    await ledger.submit([await addition(ANN, i, { body: { amount } })]);
  }
  return ledger;
}

const noAlarm = async (reachable: Reachable, shown: Ledger) => {
  const b = await openFollower('b', reachable.set(urlOf('a'), shown));
  await b.follow();
  expect(b.alarms()).toEqual([]);
  return b;
};

describe('two histories of one log', () => {
  it('are found by nodes that show each other what they were shown, and proven by two notes', async () => {
    const [one, two] = [await history([1, 2]), await history([1, 3])];
    const forB: Reachable = new Map();
    const forC: Reachable = new Map();
    const b = await noAlarm(forB, one);
    const c = await openFollower('c', forC.set(urlOf('a'), two));
    await c.follow();
    forB.set(urlOf('c'), c);
    await expect(b.follow()).rejects.toThrow('log at fault');
    const [alarm] = b.alarms();
    expect(alarm).toMatchObject({ id: 1, shownBy: urlOf('c'), evidence: { kind: 'two-checkpoints' } });
    expect(alarm && provesFork(alarm.evidence, trust)).toBe(true);
  });

  it('are found when the log shows a longer one that does not begin with this node’s entries', async () => {
    const reachable: Reachable = new Map();
    const b = await noAlarm(reachable, await history([1, 2]));
    const before = b.head();
    reachable.set(urlOf('a'), await history([1, 3, 4, 5]));
    await expect(b.follow()).rejects.toThrow('log at fault');
    const [alarm] = b.alarms();
    expect(alarm?.evidence.kind).toBe('inconsistent');
    expect(alarm && provesFork(alarm.evidence, trust)).toBe(true);
    expect(b.head()).toEqual(before);
  });

  it('are found when somebody shows a shorter one', async () => {
    const reachable: Reachable = new Map();
    const b = await noAlarm(reachable, await history([1, 2, 3]));
    reachable.set(urlOf('c'), await history([1, 5]));
    await expect(b.follow()).rejects.toThrow('log at fault');
    const [alarm] = b.alarms();
    expect(alarm?.evidence.kind).toBe('inconsistent');
    expect(alarm && provesFork(alarm.evidence, trust)).toBe(true);
  });

  it('are found when what a peer showed ahead of this node does not come', async () => {
    const reachable: Reachable = new Map();
    const b = await openFollower('b', reachable.set(urlOf('a'), await history([1, 2, 3, 4])));
    const two = await history([1, 2, 9]);
    // The peer shows its note alone: its entries cannot be had.
    reachable.set(urlOf('c'), { ...two, blocks: () => [], entries: () => [] });
    await expect(b.follow()).rejects.toThrow('log at fault');
    expect(provesFork(b.alarms()[0]?.evidence as never, trust)).toBe(true);
  });

  it('end following and cosigning for good, across restarts, and leave the last good state to be read', async () => {
    const reachable: Reachable = new Map();
    const store = createMemoryStore();
    const one = await history([1, 2]);
    const b = await openFollower('b', reachable.set(urlOf('a'), one), { store });
    await b.follow();
    reachable.set(urlOf('c'), await history([1, 3]));
    await expect(b.follow()).rejects.toMatchObject({ code: 'following_stopped' });
    await one.submit([await addition(BOB, 0)]);
    reachable.delete(urlOf('c'));
    await expect(b.follow()).rejects.toMatchObject({ code: 'following_stopped' });
    const again = await openFollower('b', reachable, { store });
    await expect(again.follow()).rejects.toMatchObject({ code: 'following_stopped' });
    expect(again.state('counter').get('all')).toBe(3);
    const [refused] = await again.submit([await addition(BOB, 1)]);
    expect(refused).toMatchObject({ ok: false, error: { code: 'following_stopped' } });
    expect(again.alarms().length).toBe(1);
    const resumed = await openFollower('b', reachable, { store, acknowledgedAlarm: 1 });
    await resumed.follow();
    expect(resumed.state('counter').get('all')).toBe(4);
  });

  it('are not claimed of a peer that is only behind', async () => {
    const clock = manualClock(START * 1000);
    const one = await openLedger({ ...testLedgerOptions(), clock });
    const reachable: Reachable = new Map();
    await one.submit([await addition(ANN, 0)]);
    const c = await openFollower('c', reachable.set(urlOf('a'), one));
    await c.follow();
    await one.submit([await addition(ANN, 1)]);
    reachable.set(urlOf('c'), c);
    await noAlarm(reachable, one);
  });

  it('cannot be made up by somebody without the log’s key', async () => {
    const reachable: Reachable = new Map();
    const one = await history([1, 2]);
    const forged = await history([1, 3, 4], { signer: ed25519Signer('somebody else') });
    reachable.set(urlOf('c'), forged);
    const b = await noAlarm(reachable, one);
    expect(toHex(b.head().root)).toBe(toHex(one.head().root));
  });
});

describe('a log that signs what its entries do not make', () => {
  const faultOf = async (modules: readonly LedgerModule[]) => {
    const reachable: Reachable = new Map();
    const bad = await history([400, 700], { modules });
    const b = await openFollower('b', reachable.set(urlOf('a'), bad), { logger: silentLogger });
    await expect(b.follow()).rejects.toThrow('log at fault');
    return { evidence: b.alarms()[0]?.evidence, height: b.head().height };
  };

  it('is found by the state root', async () => {
    const generous: LedgerModule = {
      ...counterModule,
      apply(state, operation, context) {
        counterModule.apply(state, operation, context);
        state.put('bonus', 1);
        return [];
      },
    };
    expect(await faultOf([generous, registerModule])).toMatchObject({
      evidence: { kind: 'bad-block', reason: 'state_mismatch', index: 1 },
      height: 0,
    });
  });

  it('is found by an operation that the rules refuse', async () => {
    const lax: LedgerModule = {
      ...counterModule,
      apply(state, operation, context) {
        try {
          return counterModule.apply(state, operation, context);
        } catch {
          return [];
        }
      },
    };
    expect(await faultOf([lax, registerModule])).toMatchObject({
      evidence: { kind: 'bad-block', reason: 'operation_refused', index: 2 },
      height: 1,
    });
  });

  it('is found by another genesis than the one this node was given', async () => {
    const reachable: Reachable = new Map();
    const genesis = [(await addition(BOB, 0)).id];
    const b = await openFollower('b', reachable.set(urlOf('a'), await history([1])), { genesis });
    await expect(b.follow()).rejects.toThrow('log at fault');
    expect(b.alarms()[0]?.evidence).toMatchObject({ kind: 'bad-block', reason: 'genesis_mismatch' });
  });
});

describe('a mirror that lies', () => {
  const flipped = (bytes: Uint8Array): Uint8Array =>
    bytes.with(bytes.length - 1, (bytes.at(-1) as number) ^ 1);

  it('brings nothing wrong into the ledger, and no blame on the log', async () => {
    const one = await history([1, 2, 3]);
    const lies: readonly Partial<Ledger>[] = [
      {
        *entries(from, limit) {
          for (const { index, bytes } of one.entries(from, limit)) yield { index, bytes: flipped(bytes) };
        },
      },
      { entries: () => [] },
      {
        *blocks(from, limit) {
          for (const block of one.blocks(from, limit))
            yield { ...block, checkpoint: block.checkpoint.replace('\n2\n', '\n3\n') };
        },
      },
      {
        *blocks(from, limit) {
          for (const block of one.blocks(from + 1, limit)) yield { ...block, height: block.height - 1 };
        },
      },
      { blocks: () => [] },
      { head: () => ({ ...one.head(), checkpoint: 'nonsense' }) },
    ];
    for (const lie of lies) {
      const reachable: Reachable = new Map([[urlOf('a'), { ...one, ...lie }]]);
      const b = await openFollower('b', reachable);
      expect(await b.follow()).toBe(false);
      expect(b.alarms()).toEqual([]);
      expect(b.head().height).toBeLessThanOrEqual(1);
      reachable.set(urlOf('c'), one);
      expect(await b.follow()).toBe(true);
      expect(toHex(b.head().appHash)).toBe(toHex(one.head().appHash));
    }
  });
});
