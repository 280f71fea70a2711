import { describe, expect, it } from 'vitest';
import {
  createCheckpointCache,
  encodeReceipt,
  formatCosignature,
  formatNote,
  type Receipt,
  stapleReceipt,
  verifyServedReceipt,
} from '../../src/index.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { codeOf, sha256 } from '../sha256.ts';
import { BODY, cosigned, HASH, policy, stateReceipt, TIME } from './sample.ts';

const reference = encodeReceipt(stateReceipt('key 3'));

/** The note as a node serves it, cosigned at a time by these witnesses. */
function noteOf({ body, signatures } = cosigned()): string {
  return formatNote(
    body,
    signatures.map(({ keyId, time, signature }) => {
      const witness = policy.witnesses.find((one) => one.keyId.every((byte, i) => byte === keyId[i]));
      if (!witness) throw new Error('no such witness');
      return formatCosignature({ name: witness.keyName, keyId }, { time, signature });
    }),
  );
}

function serving(...notes: string[]) {
  const asked: Uint8Array[] = [];
  const fetchCheckpoint = async (hash: Uint8Array): Promise<string> => {
    asked.push(hash);
    return notes.length > 1 ? (notes.shift() as string) : (notes[0] as string);
  };
  return { asked, options: { policy, crypto: nodeCrypto, cache: createCheckpointCache(), fetchCheckpoint } };
}

describe('verifyServedReceipt', () => {
  it('fetches a checkpoint once for many receipts', async () => {
    const { asked, options } = serving(noteOf());
    const verified = await verifyServedReceipt(reference, options);
    await verifyServedReceipt(reference, options);
    expect(verified).toMatchObject({ absent: false, checkpoint: { time: TIME } });
    expect(asked).toEqual([HASH]);
  });

  it('asks again when the cosignatures at hand have become too old', async () => {
    const { asked, options } = serving(noteOf(), noteOf(cosigned(TIME + 100)));
    const at = (now: number) => ({ ...options, now, maxAgeSeconds: 60 });
    await verifyServedReceipt(reference, at(TIME));
    await verifyServedReceipt(reference, at(TIME + 110));
    expect(asked).toHaveLength(2);
    expect(await codeOf(() => verifyServedReceipt(reference, at(TIME + 200)))).toBe('checkpoint_stale');
  });

  it.each([
    [
      'another checkpoint',
      () => formatNote(BODY.replace(/^.*/, 'other.example/log'), [lineOf()]),
      'checkpoint_unknown',
    ],
    ['no note', () => 'nothing', 'note_malformed'],
    ['too few cosignatures', () => noteOf(cosigned(TIME, ['a'])), 'quorum_not_met'],
  ])('refuses %s', async (_, note, code) => {
    const { options } = serving(note());
    expect(await codeOf(() => verifyServedReceipt(reference, options))).toBe(code);
    expect(options.cache.get(policy, HASH)).toBeUndefined();
  });

  it('fetches nothing for a stapled receipt, nor when the proof itself is wrong', async () => {
    const { asked, options } = serving(noteOf());
    const wrong = encodeReceipt({ ...stateReceipt('key 3'), key: 'key 4' } as Receipt);
    const stale = { ...options, now: TIME + 9, maxAgeSeconds: 8 };
    const stapled = stapleReceipt(sha256, reference, cosigned());
    expect(await codeOf(() => verifyServedReceipt(stapled, stale))).toBe('checkpoint_stale');
    expect(asked).toEqual([]);
    expect(await codeOf(() => verifyServedReceipt(wrong, options))).toBe('path_mismatch');
  });
});

const lineOf = () => ({ name: 'x', keyId: new Uint8Array(4), signature: new Uint8Array(72) });
