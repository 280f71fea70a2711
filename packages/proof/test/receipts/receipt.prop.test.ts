import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createCheckpointCache,
  decodeReceipt,
  encodeReceipt,
  ProofError,
  parseTlogProof,
  type Receipt,
  type ReceiptOptions,
  stapleReceipt,
  type VerifiedReceipt,
  verifyReceipt,
} from '../../src/index.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { flipped, sha256 } from '../sha256.ts';
import { BODY, cosigned, HASH, policy, RECEIPTS } from './sample.ts';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const checkpoints: fc.Arbitrary<Receipt['checkpoint']> = fc.oneof(
  fc.record({ form: fc.constant('reference' as const), hash: bytes32 }),
  fc.record({
    form: fc.constant('stapled' as const),
    body: text,
    signatures: fc.uniqueArray(
      fc.record({
        keyId: fc.uint8Array({ minLength: 4, maxLength: 4 }),
        time: fc.maxSafeNat(),
        signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
      }),
      { selector: ({ keyId }) => keyId.join(), minLength: 1, maxLength: 5 },
    ),
  }),
);
const ends = fc.oneof(
  fc.record({ kind: fc.constant('own' as const), value: fc.uint8Array() }),
  fc.record({ kind: fc.constant('other' as const), keyHash: bytes32, valueHash: bytes32 }),
  fc.record({ kind: fc.constant('empty' as const) }),
);
const receipts: fc.Arbitrary<Receipt> = fc.oneof(
  fc.record({
    kind: fc.constant('state' as const),
    checkpoint: checkpoints,
    module: text.filter((module) => module !== '' && !module.includes('\0')),
    key: text,
    path: fc.record({ siblings: fc.array(fc.option(bytes32), { maxLength: 30 }), end: ends }),
  }),
  fc.record({
    kind: fc.constant('event' as const),
    checkpoint: checkpoints,
    index: fc.maxSafeNat(),
    path: fc.array(bytes32, { maxLength: 63 }),
    leaf: fc.uint8Array(),
  }),
);

/** What the receipt says, without what it says it about; undefined when it is refused. */
async function claim(bytes: Uint8Array, options: ReceiptOptions): Promise<VerifiedReceipt | undefined> {
  try {
    return await verifyReceipt(bytes, options);
  } catch (error) {
    if (error instanceof ProofError) return undefined;
    throw error;
  }
}

const subjectOf = (receipt: VerifiedReceipt): string =>
  receipt.kind === 'state' ? JSON.stringify([receipt.module, receipt.key]) : String(receipt.index);

async function primedOptions(): Promise<ReceiptOptions> {
  const options = { policy, crypto: nodeCrypto, cache: createCheckpointCache() };
  const [[, first] = ['', new Uint8Array()]] = RECEIPTS;
  await verifyReceipt(stapleReceipt(sha256, first, cosigned()), options);
  return options;
}

describe('receipt encoding', () => {
  it('gives each receipt one encoding and reads it back', () => {
    fc.assert(
      fc.property(receipts, (receipt) => {
        const encoded = encodeReceipt(receipt);
        const decoded = decodeReceipt(encoded);
        expect(encodeReceipt(decoded)).toEqual(encoded);
        if (receipt.checkpoint.form === 'reference') expect(decoded).toEqual(receipt);
      }),
    );
  });

  it('reads nothing that it would write otherwise', () => {
    fc.assert(
      fc.property(receipts, fc.nat(), fc.integer({ min: 1, max: 255 }), (receipt, at, by) => {
        const encoded = encodeReceipt(receipt);
        const position = at % encoded.length;
        const changed = encoded.with(position, (encoded[position] ?? 0) ^ by);
        let decoded: Receipt;
        try {
          decoded = decodeReceipt(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(ProofError);
          return;
        }
        expect(encodeReceipt(decoded)).toEqual(changed);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes arbitrary bytes, also behind a good header, with nothing but a ProofError', () => {
    const headers = fc.constantFrom([], [1], [1, 1, 0], [1, 2, 0], [1, 1, 1, 0, 1], [1, 2, 1, 0, 0, 1]);
    fc.assert(
      fc.property(headers, fc.uint8Array({ maxLength: 400, size: 'max' }), (header, tail) => {
        try {
          decodeReceipt(Uint8Array.from([...header, ...tail]));
        } catch (error) {
          expect(error).toBeInstanceOf(ProofError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses what is too large before it looks at it', () => {
    expect(() => decodeReceipt(new Uint8Array(2_000_001))).toThrow(
      expect.objectContaining({ code: 'receipt_too_large' }),
    );
    expect(() => decodeReceipt(new Uint8Array(2_000_000))).toThrow(
      expect.objectContaining({ code: 'receipt_malformed' }),
    );
  });

  it('does not change with the buffer it was read from', () => {
    for (const [, bytes] of RECEIPTS) {
      const buffer = Buffer.from(bytes);
      const decoded = decodeReceipt(buffer);
      buffer.fill(0);
      expect(encodeReceipt(decoded)).toEqual(bytes);
    }
  });
});

describe('every byte of a receipt counts', () => {
  it.each(RECEIPTS)('%s, referring to a verified checkpoint', async (_, bytes) => {
    const options = await primedOptions();
    const honest = await claim(bytes, options);
    expect(honest).toBeDefined();
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = await claim(flipped(bytes, at, bit), options);
        if (changed && honest) expect(subjectOf(changed)).not.toBe(subjectOf(honest));
      }
    }
  });

  it.each(RECEIPTS)('%s, with a checkpoint signed by just a quorum', async (_, bytes) => {
    const stapled = stapleReceipt(sha256, bytes, cosigned());
    const options = { policy, crypto: nodeCrypto };
    const honest = await claim(stapled, options);
    expect(honest?.checkpoint).toMatchObject({ hash: HASH });
    for (let at = 0; at < stapled.length; at++) {
      const changed = await claim(flipped(stapled, at, at % 8), options);
      if (changed && honest) expect(subjectOf(changed)).not.toBe(subjectOf(honest));
    }
  });

  it.each(RECEIPTS)('%s, cut anywhere', async (_, bytes) => {
    const options = await primedOptions();
    for (let length = 0; length < bytes.length; length++) {
      expect(await claim(bytes.slice(0, length), options)).toBeUndefined();
    }
  });
});

it('arbitrary tlog-proof text parses or ends in a ProofError', () => {
  const lines = fc.constantFrom(
    'extra AAAA',
    'extra ',
    'index 0',
    'index 00',
    'A'.repeat(43).concat('='),
    '',
    BODY,
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(lines, { maxLength: 8 }).map((some) => ['c2sp.org/tlog-proof@v1', ...some].join('\n')),
  );
  fc.assert(
    fc.property(texts, (proof) => {
      try {
        parseTlogProof(proof);
      } catch (error) {
        expect(error).toBeInstanceOf(ProofError);
      }
    }),
    { numRuns: 1000 },
  );
});

it('a long extra line of tlog-proof text is parsed', () => {
  const extra = 'A'.repeat(400_000);
  expect(() => parseTlogProof(`c2sp.org/tlog-proof@v1\nextra ${extra}\nindex 0\n\n`)).toThrow(
    expect.objectContaining({ code: 'note_malformed' }),
  );
  expect(() => parseTlogProof(`c2sp.org/tlog-proof@v1\nextra ${extra.repeat(2)}\nindex 0\n\n`)).toThrow(
    expect.objectContaining({ code: 'tlog_proof_malformed' }),
  );
});
