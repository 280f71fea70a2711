import { createHash, createHmac } from 'node:crypto';
import { concatBytes, encodeCbor, utf8 } from '@attestel/core';
import { possessionStatement } from '@attestel/pki';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitTo, hmac } from '../../src/rules/hashes.ts';
import { sha256 } from '../../src/sha256.ts';

const bytes = (max: number) => fc.uint8Array({ maxLength: max });

describe('bytes that are hashed or signed', () => {
  it('are those of the format, whichever claims came before', () => {
    const few = <T>(...values: T[]) => fc.constantFrom(...values);
    const claim = fc.record({
      network: few('a', 'b'),
      challenge: fc.uint8Array({ minLength: 32, maxLength: 32, max: 1 }),
      submitter: few('did:mno:x', 'did:mno:y'),
      certificate: fc.oneof(fc.uint8Array({ minLength: 32, maxLength: 32 }), bytes(40)),
    });
    fc.assert(
      fc.property(fc.array(claim, { minLength: 1, maxLength: 8 }), (claims) => {
        const written = claims.map(possessionStatement);
        const expected = claims.map((one) =>
          concatBytes(utf8('attestel/pki/possession/v1\n'), encodeCbor({ ...one })),
        );
        expect(written).toEqual(expected);
      }),
    );
  });

  it('make the HMAC of RFC 2104 and the hash of a tagged value, of any length', () => {
    fc.assert(
      fc.property(bytes(64), bytes(2000), fc.string(), (key, data, tag) => {
        expect(hmac(sha256, key, data)).toEqual(
          new Uint8Array(createHmac('sha256', key).update(data).digest()),
        );
        const tagged = createHash('sha256')
          .update(utf8(tag.toWellFormed()))
          .update(encodeCbor([data]))
          .digest();
        expect(commitTo(sha256, tag.toWellFormed(), [data])).toEqual(new Uint8Array(tagged));
      }),
    );
  });
});
