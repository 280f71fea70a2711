import { AppError } from '@attestel/core';
import type { Ledger, Operation, OperationResult } from '@attestel/ledger';
import { describe, expect, it } from 'vitest';
import { submitPatiently } from '../../src/consortium/submit-patiently.ts';

const operations = [1, 2, 3].map((i) => ({ id: Uint8Array.of(i) }) as unknown as Operation);
const done = ({ id }: Operation): OperationResult => ({ ok: true, id, index: 1, height: 2, events: [] });
const refused = ({ id }: Operation, code: string): OperationResult => ({
  ok: false,
  id,
  error: new AppError(code, { kind: 'unavailable', message: code }),
});

/** A ledger that says this of each operation, submission after submission. */
function scripted(answers: readonly ((operation: Operation) => OperationResult)[]) {
  const submitted: (readonly Operation[])[] = [];
  const ledger = {
    network: 'test',
    async submit(given: readonly Operation[]) {
      submitted.push(given);
      const answer = answers[Math.min(submitted.length, answers.length) - 1];
      return given.map((operation) => answer?.(operation) ?? done(operation));
    },
  } as unknown as Ledger;
  return { ledger, submitted };
}

describe('submission by whoever prepares the demo', () => {
  it('submits again what no block held, that alone, and tells so', async () => {
    const { ledger, submitted } = scripted([
      (operation) => (operation === operations[1] ? refused(operation, 'not_final') : done(operation)),
      done,
    ]);
    const told: string[] = [];
    const results = await submitPatiently(ledger, (line) => told.push(line)).submit(operations);
    expect(submitted).toEqual([operations, [operations[1]]]);
    expect(results).toEqual(operations.map(done));
    expect(told).toHaveLength(1);
  });

  it('gives up after the fourth time', async () => {
    const { ledger, submitted } = scripted([(operation) => refused(operation, 'not_final')]);
    const results = await submitPatiently(ledger, () => {}).submit(operations);
    expect(submitted).toHaveLength(4);
    expect(results.map((result) => result.ok)).toEqual([false, false, false]);
  });

  it('asks nobody again who was refused, and leaves all else of the ledger as it is', async () => {
    const { ledger, submitted } = scripted([(operation) => refused(operation, 'forbidden')]);
    const patient = submitPatiently(ledger, () => {});
    expect((await patient.submit(operations)).every(({ ok }) => !ok)).toBe(true);
    expect(submitted).toHaveLength(1);
    expect(patient.network).toBe('test');
  });
});
