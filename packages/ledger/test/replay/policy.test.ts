import { createMemoryStore, systemClock } from '@attestel/core';
import {
  cosignatureMessage,
  createPolicy,
  createVerifierKey,
  formatCosignature,
  formatNote,
} from '@attestel/proof';
import { describe, expect, it } from 'vitest';
import {
  exportEntries,
  importLedger,
  storedEntries,
  verifyLedger,
  verifyLedgerEntries,
} from '../../src/index.ts';
import { sha256 } from '../../src/sha256.ts';
import {
  ANN,
  addition,
  checkpointSigner,
  ORIGIN,
  openTestLedger,
  rules,
} from '../fixtures/open-test-ledger.ts';
import { ed25519Signer } from '../fixtures/signers.ts';

const A = { name: 'witness.example/a', signer: ed25519Signer('witness a'), clock: systemClock };
const B = { name: 'witness.example/b', signer: ed25519Signer('witness b'), clock: systemClock };
const policyOf = (threshold: number) =>
  createPolicy(
    {
      origin: ORIGIN,
      logs: [{ publicKey: checkpointSigner.publicKey.slice(2) }],
      witnesses: [A, B].map(({ name, signer }, i) => ({
        name: `w${i}`,
        keyName: name,
        publicKey: signer.publicKey.slice(2),
      })),
      groups: [{ name: 'all', threshold, members: ['w0', 'w1'] }],
      quorum: 'all',
    },
    sha256,
  );

async function lineOfB(body: string): Promise<string> {
  const key = createVerifierKey(sha256, {
    name: B.name,
    type: 'cosignature',
    publicKey: B.signer.publicKey.slice(2),
  });
  const signature = await B.signer.sign(cosignatureMessage(body, 5));
  return formatNote(body, [formatCosignature(key, { time: 5, signature })]);
}

/** Three blocks; B cosigned the first two when they were new, and the last one not yet. */
async function filled() {
  const store = createMemoryStore();
  const ledger = await openTestLedger({ store, witness: A, policy: policyOf(2) });
  for (let i = 0; i < 3; i++) {
    await ledger.submit([await addition(ANN, i)]);
    if (i < 2) ledger.cosign(await lineOfB(ledger.head().body));
  }
  return { store, ledger };
}

describe('a log verified by its witnesses alone', () => {
  it('needs the quorum on its last checkpoint', async () => {
    const { store, ledger } = await filled();
    const trust = { ...rules, origin: ORIGIN };
    expect(await verifyLedger({ ...trust, policy: policyOf(1), store })).toMatchObject({ ok: true });
    expect(await verifyLedger({ ...trust, policy: policyOf(2), store })).toMatchObject({
      ok: false,
      index: 5,
      reason: 'checkpoint_invalid',
    });
    ledger.cosign(await lineOfB(ledger.head().body));
    const { checkpoint } = ledger.head();
    const options = () => ({ ...trust, policy: policyOf(2), entries: storedEntries(store) });
    expect(await verifyLedgerEntries(options())).toMatchObject({ ok: false, reason: 'checkpoint_invalid' });
    expect(await verifyLedgerEntries({ ...options(), checkpoint })).toMatchObject({ ok: true, height: 3 });
  });

  it('keeps cosignatures that came after a block, once the next is there', async () => {
    const { store, ledger } = await filled();
    await ledger.submit([await addition(ANN, 3)]);
    await ledger.close();
    const notes = [...storedEntries(store)].flatMap(({ checkpoint }) => checkpoint ?? []);
    expect(notes.map((note) => note.includes(B.name))).toEqual([true, true, false, false]);
    expect(notes.every((note) => note.includes(A.name))).toBe(true);
  });

  it('is imported by them too', async () => {
    const { store } = await filled();
    const target = createMemoryStore();
    const lines = exportEntries({ network: rules.network, origin: ORIGIN }, storedEntries(store));
    const result = await importLedger({
      ...rules,
      origin: ORIGIN,
      policy: policyOf(1),
      store: target,
      lines,
    });
    expect(result).toMatchObject({ ok: true, height: 3 });
  });

  it('cannot be verified by nobody', async () => {
    const { store } = await filled();
    await expect(verifyLedger({ ...rules, origin: ORIGIN, store })).rejects.toThrow(TypeError);
  });
});
