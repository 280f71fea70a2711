import { setTimeout } from 'node:timers/promises';
import { AppError, type Bytes, silentLogger, toHex } from '@attestel/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { decodeEnvelope } from '../../../src/drivers/cometbft/envelope.ts';
import { createEnvelopeCache } from '../../../src/drivers/cometbft/envelope-cache.ts';
import { Submitter, type SubmitterOptions } from '../../../src/drivers/cometbft/submitter.ts';
import type { Operation } from '../../../src/index.ts';
import { addition, BOB } from '../../fixtures/open-test-ledger.ts';

let submitter: Submitter;
afterEach(() => submitter.close());

const TAKEN = { code: 0, log: '' };
function open(options: Partial<SubmitterOptions>): Submitter {
  submitter = new Submitter({
    async verify() {},
    admit() {},
    broadcast: async () => TAKEN,
    envelopes: createEnvelopeCache(),
    logger: silentLogger,
    collectMilliseconds: 1,
    finalityMilliseconds: 10_000,
    repeatMilliseconds: 20,
    ...options,
  });
  return submitter;
}
const idsOf = (tx: Bytes): readonly string[] => decodeEnvelope(tx).map(({ id }) => toHex(id));
const additions = (count: number): Promise<Operation[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => addition(BOB, i)));
const done = (id: Bytes) => ({ ok: true as const, id, index: 1, height: 2, events: [] });

describe('submission', () => {
  it('packs what comes together, at most 250 in one envelope, in order', async () => {
    const sent: (readonly string[])[] = [];
    const one = open({
      repeatMilliseconds: 60_000,
      async broadcast(tx) {
        sent.push(idsOf(tx));
        return TAKEN;
      },
    });
    const operations = await additions(260);
    const results = operations.map((operation) => one.submit(operation));
    await vi.waitFor(() => expect(sent).toHaveLength(2), 20_000);
    expect(sent[0]).toHaveLength(250);
    expect(sent.flat()).toEqual(operations.map(({ id }) => toHex(id)));
    for (const operation of operations) one.settle(operation, done(operation.id));
    expect((await Promise.all(results)).every(({ ok }) => ok)).toBe(true);
  });

  it('hands the same bytes over again until a block holds them, whatever the engine answers', async () => {
    const sent: string[] = [];
    const one = open({
      async broadcast(tx) {
        sent.push(toHex(tx));
        throw new Error(sent.length % 2 === 0 ? 'tx already exists in cache' : 'no answer');
      },
    });
    const operation = await addition(BOB, 0);
    const result = one.submit(operation);
    await vi.waitFor(() => expect(sent.length).toBeGreaterThan(3), 20_000);
    expect(new Set(sent).size).toBe(1);
    one.settle(operation, done(operation.id));
    expect((await result).ok).toBe(true);
  });

  it('tells each operation of a refused envelope its own reason', async () => {
    const operations = await additions(3);
    const [first, second, third] = operations as [Operation, Operation, Operation];
    let stale: Operation | undefined;
    const one = open({
      admit(operation) {
        if (operation === stale)
          throw new AppError('operation_expired', { kind: 'conflict', message: 'late' });
      },
      async broadcast(tx) {
        stale = second;
        return { code: decodeEnvelope(tx).length > 1 || idsOf(tx)[0] === toHex(third.id) ? 2 : 0, log: '' };
      },
    });
    const results = operations.map((operation) => one.submit(operation));
    expect(await results[1]).toMatchObject({ error: { code: 'operation_expired' } });
    expect(await results[2]).toMatchObject({ error: { code: 'ledger_busy' } });
    one.settle(first, done(first.id));
    expect((await results[0])?.ok).toBe(true);
  });

  it('refuses what is not admitted, more than may wait, and anything after closing', async () => {
    const one = open({
      admit() {
        throw new AppError('wrong_network', { kind: 'bad-input', message: 'other' });
      },
    });
    const operation = await addition(BOB, 0);
    expect(await one.submit(operation)).toMatchObject({ error: { code: 'wrong_network' } });
    one.close();
    expect(await one.submit(operation)).toMatchObject({ error: { code: 'ledger_closed' } });
  });

  it('tells who still waits at closing that nothing is final', async () => {
    const one = open({});
    const result = one.submit(await addition(BOB, 0));
    one.close();
    expect(await result).toMatchObject({ error: { code: 'not_final' } });
  });

  it.each([
    ['with an engine that took it', async () => TAKEN, { handedOver: 1, engine: 'answers' }],
    [
      'with an engine that is not there',
      async () => Promise.reject(new Error('engine: no answer')),
      { handedOver: 1, engine: 'engine: no answer' },
    ],
    ['before any engine has it', () => new Promise<never>(() => {}), { handedOver: 0, engine: 'answers' }],
  ])(
    'gives up on what no block holds in time and logs where it stood still: %s',
    async (_, broadcast, said) => {
      const warn = vi.fn();
      const one = open({ broadcast, finalityMilliseconds: 100, logger: { ...silentLogger, warn } });
      expect(await one.submit(await addition(BOB, 0))).toMatchObject({ error: { code: 'not_final' } });
      expect(warn).toHaveBeenCalledWith('operations_not_final', { operations: 1, ...said });
    },
  );

  it('knows what somebody waits for here, until there is an answer', async () => {
    const one = open({});
    const [sent, other] = (await additions(2)) as [Operation, Operation];
    const result = one.submit(sent);
    expect([one.awaits(sent), one.awaits({ ...sent }), one.awaits(other)]).toEqual([true, true, false]);
    one.settle(sent, done(sent.id));
    await result;
    expect(one.awaits(sent)).toBe(false);
  });

  it('gives a badly signed twin an answer of its own, which is none for the true one', async () => {
    const one = open({
      admit({ signatures }) {
        if (signatures.length === 0)
          throw new AppError('signature_invalid', { kind: 'bad-input', message: 'bad' });
      },
    });
    const operation = await addition(BOB, 0);
    const forged = one.submit({ ...operation, signatures: [] });
    const honest = one.submit(operation);
    expect(await forged).toMatchObject({ error: { code: 'signature_invalid' } });
    one.settle(operation, done(operation.id));
    expect(await honest).toMatchObject({ ok: true });
  });

  it('takes the refusal of one with other signatures for no refusal, and its acceptance for everybody’s', async () => {
    const one = open({});
    const operation = await addition(BOB, 0);
    const stripped = { ...operation, signatures: [] };
    let answered = false;
    const result = one.submit(operation).finally(() => {
      answered = true;
    });
    const error = new AppError('not_signed_by_actor', { kind: 'conflict', message: 'not enough' });
    one.settle(stripped, { ok: false, id: operation.id, error });
    await setTimeout(5);
    expect(answered).toBe(false);
    one.settle(stripped, done(operation.id));
    expect(await result).toMatchObject({ ok: true });
  });

  it('bounds the bytes that wait, not only their number', async () => {
    const one = open({ verify: () => new Promise(() => {}) });
    const operation = await addition(BOB, 0);
    const attachment = new Uint8Array(900_000);
    for (let i = 0; i < 72; i++) void one.submit({ ...operation, id: Uint8Array.of(i), attachment });
    expect(await one.submit({ ...operation, attachment })).toMatchObject({ error: { code: 'ledger_busy' } });
  });

  it('does not send what its submitter has been told to be not final', async () => {
    let release = (): void => {};
    const sent: string[] = [];
    const one = open({
      finalityMilliseconds: 30,
      async broadcast(tx) {
        sent.push(...idsOf(tx));
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return TAKEN;
      },
    });
    const [first, second] = (await additions(2)) as [Operation, Operation];
    const results = [one.submit(first)];
    await vi.waitFor(() => expect(sent).toHaveLength(1), 20_000);
    results.push(one.submit(second));
    for (const result of results) expect(await result).toMatchObject({ error: { code: 'not_final' } });
    release();
    await setTimeout(50);
    expect(sent).toEqual([toHex(first.id)]);
  });
});
