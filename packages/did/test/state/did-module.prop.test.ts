import type { Bytes } from '@attestel/core';
import type { Operation } from '@attestel/ledger';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHead, readVersion } from '../../src/state/records.ts';
import { FakeLedger } from '../fakes/ledger.ts';
import { party } from '../fakes/party.ts';

const alice = party('property-alice');
const steps = fc.array(
  fc.record({
    what: fc.constantFrom('update' as const, 'update' as const, 'update' as const, 'deactivate' as const),
    // 0 is the committed key; anything else is a key shown before or not committed yet.
    keyOffset: fc.constantFrom(0, 0, 0, -1, 1),
    previous: fc.constantFrom('last' as const, 'last' as const, 'first' as const, 'none' as const),
    withDocument: fc.constantFrom(true, true, true, false),
  }),
  { maxLength: 8 },
);

test('versions go up by one, and only the committed key after the last operation succeeds', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const ledger = new FakeLedger();
      const create = await alice.create();
      ledger.submit(create);
      let [version, last, active] = [1, create.id, true];
      for (const { what, keyOffset, previous, withDocument } of script) {
        const n = Math.max(1, version + 1 + keyOffset);
        const after = { last, first: create.id, none: new Uint8Array(32) }[previous];
        const operation = await make(what, n, after, withDocument);
        const follows = after === last && n === version + 1 && (withDocument || what === 'deactivate');
        const before = ledger.snapshot();
        const accepted = attempt(ledger, operation);
        expect(accepted).toBe(active && follows);
        if (accepted) [version, last, active] = [version + 1, operation.id, what === 'update'];
        else expect(ledger.snapshot()).toEqual(before);
        expect(readHead(ledger.state('did'), alice.did)).toMatchObject({
          version,
          operation: last,
          deactivated: !active,
        });
      }
      for (let n = 1; n <= version; n++) expect(readVersion(ledger.state('did'), alice.did, n)).toBeDefined();
      expect(readVersion(ledger.state('did'), alice.did, version + 1)).toBeUndefined();
      expect(ledger.replayed()).toEqual(ledger.snapshot());
    }),
    { numRuns: 40 },
  );
});

function make(
  what: 'update' | 'deactivate',
  n: number,
  previous: Bytes,
  withDocument: boolean,
): Promise<Operation> {
  if (what === 'deactivate') return alice.deactivate(n, previous);
  return alice.update(n, previous, withDocument ? {} : { attachment: null });
}

function attempt(ledger: FakeLedger, operation: Operation): boolean {
  try {
    ledger.submit(operation);
    return true;
  } catch {
    return false;
  }
}
