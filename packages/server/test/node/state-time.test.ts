import { type Head, type Ledger, proofCrypto } from '@attestel/ledger';
import {
  createPolicy,
  createVerifierKey,
  formatCosignature,
  formatNote,
  formatPolicy,
  type NoteSignature,
} from '@attestel/proof';
import { expect, test } from 'vitest';
import { createStateTime } from '../../src/node/state-time.ts';

const ORIGIN = 'ledger.test/time';
const BODY = `${ORIGIN}\n1\n${'A'.repeat(43)}=\n`;
const keyOf = (n: number) =>
  createVerifierKey(proofCrypto.sha256, {
    ...{ name: `w${n}.test`, type: 'cosignature', publicKey: new Uint8Array(32).fill(n) },
  });
const policyText = formatPolicy(
  createPolicy(
    {
      ...{ origin: ORIGIN, logs: [], quorum: 'two' },
      witnesses: [1, 2, 3].map((n) => {
        const { name: keyName, publicKey } = keyOf(n);
        return { name: `w${n}`, keyName, publicKey };
      }),
      groups: [{ name: 'two', threshold: 2, members: ['w1', 'w2', 'w3'] }],
    },
    proofCrypto.sha256,
  ),
);
// Who verifies them is the ledger; here they are read.
const by = (n: number, time: number): NoteSignature =>
  formatCosignature(keyOf(n), { time, signature: new Uint8Array(64) });

const timeOf = (signatures: readonly NoteSignature[], text: string | undefined = policyText): number => {
  const head = { time: 100, checkpoint: signatures.length > 0 ? formatNote(BODY, signatures) : '' } as Head;
  return createStateTime({ head: () => head } as Ledger, text)();
};

test('a state is as new as the last time that a quorum stood by it', () => {
  expect(timeOf([by(1, 160), by(2, 190), by(3, 130)])).toBe(160);
});

test('without a quorum, or a policy, it is as old as the last block; never older', () => {
  expect(timeOf([by(1, 160)])).toBe(100);
  expect(timeOf([])).toBe(100);
  expect(timeOf([by(1, 60), by(2, 90)])).toBe(100);
  const head = { time: 100, checkpoint: formatNote(BODY, [by(1, 160), by(2, 160)]) } as Head;
  expect(createStateTime({ head: () => head } as Ledger, undefined)()).toBe(100);
});

test('it moves with new cosignatures of the same head', () => {
  let head = { time: 100, checkpoint: formatNote(BODY, [by(1, 160), by(2, 160)]) } as Head;
  const asOf = createStateTime({ head: () => head } as Ledger, policyText);
  expect(asOf()).toBe(160);
  head = { ...head, checkpoint: formatNote(BODY, [by(1, 220), by(2, 190)]) };
  expect(asOf()).toBe(190);
});
