import { describe, expect, it } from 'vitest';
import { createBlockQueue } from '../../../src/drivers/solo/block-queue.ts';
import type { Operation, OperationResult } from '../../../src/index.ts';
import { ANN, addition } from '../../fixtures/open-test-ledger.ts';

const accept = (operations: readonly Operation[]): OperationResult[] =>
  operations.map(({ id }, index) => ({ ok: true, id, index, height: 1, events: [] }));
const codeOf = (result: OperationResult): string => (result.ok ? 'ok' : result.error.code);

describe('block queue', () => {
  it('refuses operations beyond the waiting room and settles all others', async () => {
    const operation = await addition(ANN, 0);
    const queue = createBlockQueue({
      admit() {},
      begin: (ops) => async () => accept(ops),
      collectMilliseconds: 0,
    });
    const results = await Promise.all(Array.from({ length: 20_001 }, () => queue.submit(operation)));
    expect(results.slice(0, -1).every(({ ok }) => ok)).toBe(true);
    expect(codeOf(results.at(-1) as OperationResult)).toBe('ledger_busy');
  });

  it('bounds the waiting room by bytes too', async () => {
    const small = await addition(ANN, 0);
    const large = { ...small, attachment: new Uint8Array(900_000) };
    const queue = createBlockQueue({
      admit() {},
      begin: (ops) => async () => accept(ops),
      collectMilliseconds: 0,
    });
    const results = await Promise.all(Array.from({ length: 80 }, () => queue.submit(large)));
    expect(codeOf(results[0] as OperationResult)).toBe('ok');
    expect(codeOf(results[79] as OperationResult)).toBe('ledger_busy');
    expect(codeOf(await queue.submit(large))).toBe('ok');
  });

  it('never puts more than 1000 operations or 8 MB into a block, and at least one', async () => {
    const small = await addition(ANN, 0);
    const large = { ...small, attachment: new Uint8Array(3_000_000) };
    const sizes: number[] = [];
    const begin = (operations: readonly Operation[]) => async (): Promise<OperationResult[]> => {
      sizes.push(operations.length);
      return accept(operations);
    };
    const queue = createBlockQueue({ admit() {}, begin, collectMilliseconds: 5 });
    await Promise.all(Array.from({ length: 5 }, () => queue.submit(large)));
    expect(sizes).toEqual([2, 2, 1]);
    await Promise.all(Array.from({ length: 2100 }, () => queue.submit(small)));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
  });

  it('takes operations that arrive in any turn of a running block', async () => {
    const operation = await addition(ANN, 0);
    const queue = createBlockQueue({
      admit() {},
      begin: (ops) => async () => accept(ops),
      collectMilliseconds: 0,
    });
    const settled: Promise<OperationResult>[] = [];
    for (let i = 0; i < 300; i++) {
      settled.push(queue.submit(operation));
      for (let turn = 0; turn < i % 7; turn++) await Promise.resolve();
      if (i % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (i % 11 === 0) await settled.at(-1);
    }
    expect((await Promise.all(settled)).every(({ ok }) => ok)).toBe(true);
    await queue.close();
  });

  it('leaves room for other work between groups, also when signatures were checked ahead at once', async () => {
    const operation = await addition(ANN, 0);
    let admitted = 0;
    const queue = createBlockQueue({
      verify: async () => {},
      admit: () => void admitted++,
      begin: (ops) => async () => accept(ops),
      collectMilliseconds: 0,
    });
    const settled = Array.from({ length: 3000 }, () => queue.submit(operation));
    await new Promise((resolve) => setImmediate(resolve));
    expect(admitted).toBeLessThan(300);
    await Promise.all(settled);
    expect(admitted).toBe(3000);
  });

  describe('while a block is being committed', () => {
    /** What happened, and a way to end the first commit. */
    const open = () => {
      const log: string[] = [];
      const first = Promise.withResolvers<void>();
      const queue = createBlockQueue({
        admit() {},
        begin: (ops) => {
          const number = log.filter((line) => line.startsWith('begin')).length + 1;
          log.push(`begin ${number}`);
          return async () => {
            log.push(`commit ${number}`);
            if (number === 1) await first.promise;
            log.push(`done ${number}`);
            return accept(ops);
          };
        },
        collectMilliseconds: 0,
      });
      return { log, queue, end: first.resolve };
    };
    const settleSoon = () => new Promise((resolve) => setTimeout(resolve, 50));

    it('a full one is begun, and committed after it', async () => {
      const { log, queue, end } = open();
      const operation = await addition(ANN, 0);
      const settled = Array.from({ length: 2500 }, () => queue.submit(operation));
      await settleSoon();
      expect(log).toEqual(['begin 1', 'commit 1', 'begin 2']);
      end();
      await Promise.all(settled);
      expect(log.slice(3, 5)).toEqual(['done 1', 'commit 2']);
    });

    it('one that is not full is not begun: what comes until then is written with it', async () => {
      const { log, queue, end } = open();
      const operation = await addition(ANN, 0);
      const settled = [queue.submit(operation)];
      await settleSoon();
      settled.push(queue.submit(operation));
      await settleSoon();
      settled.push(queue.submit(operation));
      await settleSoon();
      expect(log).toEqual(['begin 1', 'commit 1']);
      end();
      await Promise.all(settled);
      expect(log.slice(2)).toEqual(['done 1', 'begin 2', 'commit 2', 'done 2']);
    });
  });
});
