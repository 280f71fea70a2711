import { type Bytes, createMemoryStore, type Signer, toHex } from '@attestel/core';
import {
  cosignatureMessage,
  createPolicy,
  createVerifierKey,
  decodeReceipt,
  formatCosignature,
  formatNote,
  hashLeaf,
  hashNode,
  type Policy,
  parseNote,
  verifyConsistency,
  verifyReceipt,
} from '@attestel/proof';
import { describe, expect, it } from 'vitest';
import { type Ledger, type OpenLedgerOptions, proofCrypto, type WitnessKey } from '../../src/index.ts';
import { sha256 } from '../../src/sha256.ts';
import {
  ANN,
  addition,
  BOB,
  checkpointSigner,
  manualClock,
  ORIGIN,
  openTestLedger,
  START,
} from '../fixtures/open-test-ledger.ts';
import { ed25519Signer } from '../fixtures/signers.ts';

const witnessOf = (name: string, clock = manualClock()): WitnessKey => ({
  name: `witness.example/${name}`,
  signer: ed25519Signer(`witness ${name}`),
  clock,
});
const keyOf = ({ name, signer }: { name: string; signer: Signer }) =>
  createVerifierKey(sha256, { name, type: 'cosignature', publicKey: signer.publicKey.slice(2) });
const A = witnessOf('a');
const B = witnessOf('b');
const C = witnessOf('c');

const policyOf = (threshold: number, witnesses: readonly WitnessKey[]): Policy =>
  createPolicy(
    {
      origin: ORIGIN,
      logs: [{ publicKey: checkpointSigner.publicKey.slice(2) }],
      witnesses: witnesses.map(({ name, signer }, i) => ({
        name: `w${i}`,
        keyName: name,
        publicKey: signer.publicKey.slice(2),
      })),
      groups: [{ name: 'all', threshold, members: witnesses.map((_, i) => `w${i}`) }],
      quorum: 'all',
    },
    sha256,
  );

/** What another node would send of a checkpoint: its own line. */
async function lineOf(witness: WitnessKey, body: string, time = START): Promise<string> {
  const signature = await witness.signer.sign(cosignatureMessage(body, time));
  return formatNote(body, [formatCosignature(keyOf(witness), { time, signature })]);
}

const openWith = (options: Partial<OpenLedgerOptions> = {}): Promise<Ledger> =>
  openTestLedger({ witness: A, ...options });
const filled = async (ledger: Ledger, blocks: number): Promise<void> => {
  for (let i = 0; i < blocks; i++) await ledger.submit([await addition(ANN, i), await addition(BOB, i)]);
};
const verified = (receipt: Bytes, policy: Policy) => verifyReceipt(receipt, { policy, crypto: proofCrypto });

describe('receipts', () => {
  const policy = policyOf(1, [A]);

  it('of a state key verify offline, present or absent', async () => {
    const ledger = await openWith({ policy });
    await filled(ledger, 5);
    const present = await verified(ledger.proofs.stateReceipt('counter', 'all', 'full'), policy);
    expect(present).toMatchObject({ kind: 'state', module: 'counter', key: 'all', absent: false });
    expect(present.kind === 'state' && present.value).toEqual(Uint8Array.of(10));
    const absent = await verified(ledger.proofs.stateReceipt('counter', 'none', 'full'), policy);
    expect(absent).toMatchObject({ kind: 'state', absent: true });
  });

  it('of every log entry verify offline', async () => {
    const ledger = await openWith({ policy });
    await filled(ledger, 7);
    for (const { index, bytes } of ledger.entries(0, 100)) {
      const result = await verified(ledger.proofs.eventReceipt(index, 'full'), policy);
      expect(result).toMatchObject({ kind: 'event', index });
      expect(result.kind === 'event' && result.leaf).toEqual(bytes);
    }
    expect(() => ledger.proofs.eventReceipt(ledger.head().size, 'path')).toThrow(
      expect.objectContaining({ code: 'proof_unavailable' }),
    );
  });

  it('refer to a checkpoint that the ledger gives by its hash', async () => {
    const ledger = await openWith({ policy });
    await filled(ledger, 2);
    const { checkpoint } = decodeReceipt(ledger.proofs.stateReceipt('counter', 'all', 'path'));
    const { appHash } = ledger.head();
    expect(checkpoint).toEqual({ form: 'reference', hash: appHash });
    expect(ledger.proofs.checkpoint(appHash)).toBe(ledger.head().checkpoint);
    expect(ledger.proofs.checkpoint(new Uint8Array(32))).toBeUndefined();
  });

  it('are given after reopening, with the checkpoints of older blocks', async () => {
    const store = createMemoryStore();
    const ledger = await openWith({ policy, store });
    await filled(ledger, 2);
    const older = ledger.head();
    await ledger.submit([await addition(ANN, 2)]);
    await ledger.close();
    const again = await openWith({ policy, store });
    expect(again.proofs.checkpoint(older.appHash)).toBe(older.checkpoint);
    const result = await verified(again.proofs.stateReceipt('counter', 'all', 'full'), policy);
    expect(result.kind === 'state' && result.value).toEqual(Uint8Array.of(5));
  });

  it('are not to be had while no quorum has cosigned anything', async () => {
    const strict = policyOf(2, [A, B]);
    const ledger = await openWith({ policy: strict });
    await filled(ledger, 1);
    const ask = () => ledger.proofs.stateReceipt('counter', 'all', 'path');
    expect(ask).toThrow(expect.objectContaining({ code: 'proof_unavailable' }));
    ledger.cosign(await lineOf(B, ledger.head().body));
    expect(ask).not.toThrow();
  });

  it('lead to the newest checkpoint with a quorum, with the state of that time', async () => {
    const strict = policyOf(2, [A, B]);
    const ledger = await openWith({ policy: strict });
    await filled(ledger, 2);
    const behind = ledger.head();
    ledger.cosign(await lineOf(B, behind.body));
    for (let i = 2; i < 6; i++) await ledger.submit([await addition(ANN, i)]);
    const result = await verified(ledger.proofs.stateReceipt('counter', 'all', 'full'), strict);
    expect(result.checkpoint.hash).toEqual(behind.appHash);
    expect(result.kind === 'state' && result.value).toEqual(Uint8Array.of(4));
  });

  it('are not made from a checkpoint older than 64 blocks', async () => {
    const strict = policyOf(2, [A, B]);
    const ledger = await openWith({ policy: strict });
    await ledger.submit([await addition(ANN, 0)]);
    ledger.cosign(await lineOf(B, ledger.head().body));
    for (let i = 1; i <= 64; i++) await ledger.submit([await addition(ANN, i)]);
    const ask = () => ledger.proofs.stateReceipt('counter', 'all', 'full');
    const result = await verified(ask(), strict);
    expect(result.kind === 'state' && result.value).toEqual(Uint8Array.of(1));
    await ledger.submit([await addition(ANN, 65)]);
    expect(ask).toThrow(expect.objectContaining({ code: 'proof_unavailable' }));
  });
});

describe('cosignatures of others', () => {
  const policy = policyOf(2, [A, B, C]);

  it('come into the checkpoint they are for, each key once, the newest of it', async () => {
    const ledger = await openWith({ policy });
    await filled(ledger, 1);
    const { body } = ledger.head();
    expect(ledger.cosign(await lineOf(B, body))).toBe(1);
    expect(ledger.cosign(await lineOf(B, body))).toBe(0);
    expect(ledger.cosign(await lineOf(B, body, START + 30))).toBe(1);
    expect(ledger.cosign(await lineOf(B, body, START + 10))).toBe(0);
    const { text, signatures } = parseNote(ledger.head().checkpoint);
    expect(text).toBe(body);
    expect(signatures.map(({ name }) => name)).toEqual([ORIGIN, A.name, B.name]);
  });

  it('of a key outside the policy are left out', async () => {
    const ledger = await openWith({ policy });
    await filled(ledger, 1);
    const before = ledger.head().checkpoint;
    expect(ledger.cosign(await lineOf(witnessOf('stranger'), ledger.head().body))).toBe(0);
    expect(ledger.head().checkpoint).toBe(before);
  });

  it('that do not verify, or are for another checkpoint, are refused', async () => {
    const ledger = await openWith({ policy });
    await filled(ledger, 1);
    const { body } = ledger.head();
    const note = parseNote(await lineOf(B, body));
    const forged = note.signatures.map((line) => ({
      ...line,
      signature: line.signature.map((byte) => byte ^ 1),
    }));
    const time = note.signatures.map((line) => ({ ...line, signature: line.signature.with(7, 1) }));
    for (const signatures of [forged, time]) {
      expect(() => ledger.cosign(formatNote(body, signatures))).toThrow();
    }
    const other = await lineOf(B, body.replace('\n3\n', '\n4\n'));
    expect(() => ledger.cosign(other)).toThrow(expect.objectContaining({ code: 'checkpoint_unknown' }));
    expect(parseNote(ledger.head().checkpoint).signatures).toHaveLength(2);
  });

  it('that do not verify do not spoil those beside them, nor older ones newer ones', async () => {
    const ledger = await openWith({ policy });
    await filled(ledger, 1);
    const { body } = ledger.head();
    const lines = async (...times: number[]) =>
      (await Promise.all(times.map((time) => lineOf(B, body, time)))).flatMap(
        (note) => parseNote(note).signatures,
      );
    const [wrong] = await lines(START + 5);
    if (!wrong) throw new Error('no line');
    const forged = { ...wrong, signature: wrong.signature.with(70, (wrong.signature[70] as number) ^ 1) };
    const notes = [
      forged,
      ...(await lines(START + 30, START + 20)),
      { ...wrong, signature: new Uint8Array(9) },
    ];
    expect(ledger.cosign(formatNote(body, notes))).toBe(1);
    expect(ledger.cosign(await lineOf(B, body, START + 30))).toBe(0);
  });
});

describe('a heartbeat', () => {
  function manualTimer() {
    let beat = (): void => {};
    let stopped = false;
    const timer = {
      every(_: number, work: () => void) {
        beat = work;
        return { stop: () => (stopped = true) };
      },
    };
    return { timer, beat: () => beat(), isStopped: () => stopped };
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('signs the idle head again with a newer time and changes nothing else', async () => {
    const clock = manualClock();
    const { timer, beat, isStopped } = manualTimer();
    const heartbeat = { seconds: 30, timer };
    const ledger = await openTestLedger({
      witness: witnessOf('a', clock),
      clock,
      heartbeat,
      policy: policyOf(1, [A]),
    });
    await filled(ledger, 1);
    beat(); // something had happened since the last one
    await settled();
    const before = ledger.head();
    clock.ms += 30_000;
    beat();
    await settled();
    const { checkpoint, ...same } = ledger.head();
    expect(before).toMatchObject(same);
    expect(checkpoint).not.toBe(before.checkpoint);
    const fresh = await verifyReceipt(ledger.proofs.stateReceipt('counter', 'all', 'full'), {
      policy: policyOf(1, [A]),
      crypto: proofCrypto,
    });
    expect(fresh.checkpoint.time).toBe(START + 30);
    await ledger.close();
    expect(isStopped()).toBe(true);
  });
});

describe('nodes of the log', () => {
  it('are the complete subtrees of RFC 6962, at any level and size', async () => {
    const ledger = await openWith();
    const roots: { size: number; root: Bytes }[] = [];
    for (let i = 0; i < 90; i++) {
      await ledger.submit([await addition(ANN, i)]);
      roots.push(ledger.head());
    }
    const { logNode, consistency } = ledger.proofs;
    const leaves = [...ledger.entries(0, 1000)].map(({ bytes }) => hashLeaf(sha256, bytes));
    leaves.forEach((leaf, i) => {
      expect(toHex(logNode(0, i))).toBe(toHex(leaf));
    });
    for (let level = 1; 2 ** level <= leaves.length; level++) {
      for (let i = 0; (i + 1) * 2 ** level <= leaves.length; i++) {
        const expected = hashNode(sha256, logNode(level - 1, 2 * i), logNode(level - 1, 2 * i + 1));
        expect(toHex(logNode(level, i))).toBe(toHex(expected));
      }
    }
    const last = roots.at(-1) as (typeof roots)[number];
    for (const { size, root } of roots) {
      const path = consistency(size, last.size);
      verifyConsistency(sha256, { from: size, to: last.size, fromRoot: root, toRoot: last.root, path });
    }
    expect(() => logNode(0, leaves.length)).toThrow(expect.objectContaining({ code: 'store_damaged' }));
    expect(() => consistency(1, leaves.length + 1)).toThrow(RangeError);
  });
});
