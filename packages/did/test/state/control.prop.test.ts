import type { MultikeyBytes, Signer } from '@attestel/core';
import type { Operation, OperationPayload } from '@attestel/ledger';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commitNextKeys } from '../../src/genesis/next-commitment.ts';
import { createDid } from '../../src/index.ts';
import { prepareContent } from '../../src/operations/did-content.ts';
import { sha256 } from '../../src/sha256.ts';
import { readHead, readVersion } from '../../src/state/records.ts';
import { FakeLedger, signOperation } from '../fakes/ledger.ts';
import { NOT_AFTER } from '../fakes/party.ts';
import { seededRandom, seededSigner } from '../fakes/seeded.ts';

const pool = new Map<string, Signer>();
/** Control key `i` of version `n`; keys are made once, for they take most of the time. */
const key = (n: number | string, i: number): Signer => {
  const name = `control/${n}/${i}`;
  const known = pool.get(name) ?? seededSigner(name);
  pool.set(name, known);
  return known;
};
const keys = (n: number, count: number): Signer[] => Array.from({ length: count }, (_, i) => key(n, i));
const inOrder = (signers: readonly Signer[]): MultikeyBytes[] =>
  signers.map(({ publicKey }) => publicKey).sort((a, b) => Buffer.compare(a, b));

const created = createDid({
  network: 'test',
  controlKey: key(1, 0),
  nextKeys: inOrder(keys(2, 3)),
  nextThreshold: 2,
  ledgerKeys: [],
  document: { verificationMethods: [] },
  random: seededRandom('control'),
});
const creation = await created.toOperation(NOT_AFTER);

/** Who tries. All but the first two are in the wrong. */
const HOLDERS = [
  'threshold',
  'all',
  'one too few',
  'strangers',
  'former holders',
  'future holders',
  'one silent',
  'a stranger besides',
  'one twice',
] as const;
/** What is wrong with the operation itself, if anything. */
const FLAWS = ['none', 'none', 'none', 'fork', 'orphan', 'reuses a key', 'no commitment'] as const;

const step = fc.record({
  kind: fc.constantFrom('update' as const, 'rotate' as const, 'rotate' as const, 'deactivate' as const),
  holder: fc.oneof(fc.constant('threshold' as const), fc.constantFrom(...HOLDERS)),
  flaw: fc.constantFrom(...FLAWS),
  next: fc
    .integer({ min: 1, max: 4 })
    .chain((count) => fc.tuple(fc.constant(count), fc.integer({ min: 1, max: count }))),
  replay: fc.nat({ max: 20 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Model {
  version: number;
  active: boolean;
  last: Uint8Array;
  committed: number;
  threshold: number;
}

/** Keys an operation shows, and who signs it. Undefined where this holder cannot differ from a rightful one. */
function authority({ holder }: Step, { version, committed, threshold }: Model) {
  const current = keys(version + 1, committed);
  const enough = current.slice(0, threshold);
  const strangers = Array.from({ length: threshold }, (_, i) => key('stranger', i));
  switch (holder) {
    case 'threshold':
      return { shown: enough, signers: enough, rightful: true };
    case 'all':
      return { shown: current, signers: current, rightful: true };
    case 'one too few':
      return threshold === 1 ? undefined : { shown: enough.slice(1), signers: enough.slice(1) };
    case 'strangers':
      return { shown: strangers, signers: strangers };
    case 'former holders':
      return { shown: keys(version, 1), signers: keys(version, 1) };
    case 'future holders':
      return { shown: keys(version + 2, threshold), signers: keys(version + 2, threshold) };
    case 'one silent':
      return committed === threshold ? undefined : { shown: current, signers: enough };
    case 'a stranger besides':
      return { shown: enough, signers: [...enough, key('stranger', 0)] };
    case 'one twice':
      return threshold === 1
        ? undefined
        : { shown: enough.slice(1), signers: enough.slice(1).concat(enough.slice(1)) };
  }
}

async function make(
  { kind, flaw, next: [count, nextThreshold], replay }: Step,
  model: Model,
  who: { shown: Signer[]; signers: Signer[] },
) {
  const nextKeys =
    flaw === 'reuses a key' ? [key((replay % model.version) + 1, 0)] : keys(model.version + 2, count);
  const threshold = Math.min(nextThreshold, nextKeys.length);
  const prepared = prepareContent(
    {
      nextKeys: inOrder(nextKeys),
      nextThreshold: threshold,
      ledgerKeys: [],
      document: { verificationMethods: [] },
      random: seededRandom(`control/${model.version}`),
    },
    'test',
  );
  const next = flaw === 'no commitment' ? [] : commitNextKeys(inOrder(nextKeys), sha256);
  const rotated = { next, nextThreshold: threshold };
  const content = { update: { ...prepared.control, ...rotated }, rotate: rotated, deactivate: {} }[kind];
  const previous = { fork: creation.id, orphan: new Uint8Array(32) }[flaw as string] ?? model.last;
  return signOperation(
    {
      v: 1,
      network: 'test',
      ns: 'main',
      module: 'did',
      kind,
      actor: created.did,
      previous,
      notAfter: NOT_AFTER,
      body: { v: 1, keys: inOrder(who.shown), ...content } as unknown as OperationPayload['body'],
    },
    who.signers,
    kind === 'update' ? prepared.attachmentBytes : null,
  );
}

/** Whether the operation itself is in order; a deactivation names no next keys to be wrong about. */
const isSound = ({ kind, flaw }: Step, { version }: Model): boolean =>
  flaw === 'none' ||
  (flaw === 'fork' && version === 1) ||
  (kind === 'deactivate' && (flaw === 'reuses a key' || flaw === 'no commitment'));

function advance(model: Model, { kind, next }: Step, accepted: Operation[], operation: Operation): void {
  accepted.push(operation);
  model.version += 1;
  model.last = operation.id;
  model.active = kind !== 'deactivate';
  if (model.active) [model.committed, model.threshold] = next;
}

test('in any history, only enough of the committed keys, after the last operation, change a DID', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (script) => {
      const ledger = new FakeLedger();
      const accepted: Operation[] = [creation];
      ledger.submit(creation);
      const model: Model = { version: 1, active: true, last: creation.id, committed: 3, threshold: 2 };
      for (const current of script) {
        const who = authority(current, model);
        if (who === undefined) continue;
        const operation = await make(current, model, who);
        const before = ledger.snapshot();
        const succeeded = attempt(ledger, operation);
        expect(succeeded).toBe(model.active && 'rightful' in who && isSound(current, model));
        if (!succeeded) expect(ledger.snapshot()).toEqual(before);
        else advance(model, current, accepted, operation);
        // Whatever was accepted once is refused for ever, the creation included.
        const again = accepted[current.replay % accepted.length] as Operation;
        expect(attempt(ledger, again)).toBe(false);
        expect(readHead(ledger.state('did'), created.did)).toMatchObject({
          version: model.version,
          operation: model.last,
          deactivated: !model.active,
          nextThreshold: model.active ? model.threshold : 0,
        });
      }
      for (const [i, { id }] of accepted.entries()) {
        expect(readVersion(ledger.state('did'), created.did, i + 1)?.operation).toEqual(id);
      }
      expect(ledger.replayed()).toEqual(ledger.snapshot());
    }),
    { numRuns: 60 },
  );
});

function attempt(ledger: FakeLedger, operation: Operation): boolean {
  try {
    ledger.submit(operation);
    return true;
  } catch {
    return false;
  }
}
