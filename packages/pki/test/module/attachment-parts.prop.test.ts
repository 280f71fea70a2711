import { type Bytes, encodeCbor, utf8 } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitToTokenKey } from '../../src/index.ts';
import {
  encodeAttachment,
  parseAttachment,
  type SubmissionAttachment,
} from '../../src/module/attachment.schema.ts';
import { partsOfAttachment } from '../../src/module/attachment-parts.ts';

const DID = `did:mno:zQm${'1'.repeat(44)}`;
const bytes = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max });
const plain = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { noNullPrototype: true });
const item = plain({
  certificate: bytes(1, 300),
  possession: fc.oneof(
    bytes(1, 80),
    plain({ certificationRequest: bytes(1, 40) }),
    plain({ request: bytes(1, 40), confirmation: bytes(1, 40) }),
  ),
  replaces: fc.option(bytes(32, 32)),
  origin: fc.option(plain({ certificate: bytes(1, 30), signature: fc.option(bytes(1, 30)) })),
});
const attachment = fc
  .record({
    items: fc.array(item, { minLength: 1, maxLength: 40 }),
    intermediates: fc.array(bytes(1, 50), { maxLength: 3 }),
  })
  .map(
    ({ items, intermediates }): SubmissionAttachment => ({
      ...{ anchor: null, intermediates, tokenKey: new Uint8Array(32), batch: null, source: null, items },
      scope: {
        ...{ kind: 'vendor', owner: DID, plmns: [], slices: [], dns: [], serials: ['AC-'] },
        ...{ roles: ['small-cell'], tokenKey: commitToTokenKey(new Uint8Array(32)) },
      },
    }),
  );

const readWhole = (encoded: Bytes): SubmissionAttachment | undefined => {
  try {
    return parseAttachment(encoded);
  } catch {
    return undefined;
  }
};

/** As threads read it: part by part, each by itself. */
const readParts = (encoded: Bytes, step: number): SubmissionAttachment | undefined => {
  try {
    const { count, take } = partsOfAttachment(encoded);
    const starts = Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
    const read = starts.map((from) => parseAttachment(take(from, Math.min(from + step, count))));
    return read[0] && { ...read[0], items: read.flatMap(({ items }) => items) };
  } catch {
    return undefined;
  }
};

describe('an attachment that is read in parts', () => {
  it('says what it says as a whole', () => {
    fc.assert(
      fc.property(attachment, fc.integer({ min: 1, max: 50 }), (value, step) => {
        expect(readParts(encodeAttachment(value), step)).toEqual(value);
      }),
    );
  });

  it('is read exactly if it can be read as a whole, whatever was changed in it', () => {
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      to: fc.nat(255),
    });
    const cut = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), more: bytes(0, 3) });
    fc.assert(
      fc.property(
        attachment,
        fc.array(change, { maxLength: 3 }),
        fc.option(cut),
        fc.nat(9),
        (value, changes, end, n) => {
          let encoded = encodeAttachment(value);
          for (const { at, to } of changes) encoded[Math.floor(at * encoded.length)] = to;
          if (end)
            encoded = Uint8Array.of(...encoded.subarray(0, Math.floor(end.at * encoded.length)), ...end.more);
          expect(readParts(encoded, n + 1)).toEqual(readWhole(encoded));
        },
      ),
      { numRuns: 600 },
    );
  });

  it('is none where the number of items is not in its shortest form, or more than a submission has', () => {
    const value = fc.sample(attachment, 1)[0] as SubmissionAttachment;
    const encoded = encodeAttachment({ ...value, items: value.items.slice(0, 1) });
    const at = Buffer.from(encoded).indexOf(Buffer.from(utf8('eitems'))) + 6;
    const long = Uint8Array.of(...encoded.subarray(0, at), 0x98, 1, ...encoded.subarray(at + 1));
    expect(() => partsOfAttachment(long)).toThrow();
    expect(readWhole(long)).toBeUndefined();
    const many = encodeCbor({ items: Array.from({ length: 1501 }, () => null) });
    expect(() => partsOfAttachment(many)).toThrow();
  });

  it('costs no more than its length, however deep or long it claims to be', () => {
    for (const hostile of [
      Uint8Array.of(0xa1, ...utf8('eitems'), 0x9b, 0, 0, 0, 1, 0, 0, 0, 0),
      Uint8Array.of(0xa1, ...utf8('ebatch'), ...new Uint8Array(100_000).fill(0x81)),
      Uint8Array.of(0xbb, 0, 0x1f, 255, 255, 255, 255, 255, 255),
      Uint8Array.of(0x9f),
      new Uint8Array(),
    ]) {
      expect(() => partsOfAttachment(hostile)).toThrow('attachment');
    }
  });
});
