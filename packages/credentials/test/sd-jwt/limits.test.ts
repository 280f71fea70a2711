import { describe, expect, test } from 'vitest';
import { disclose, sha256 } from '../../../../conformance/vectors/sd-jwt/build.ts';
import { presented, withMembers } from '../../../../conformance/vectors/sd-jwt/draft.ts';
import { LIMITS } from '../../src/limits.ts';
import { readVectors, refusal, verifyVector } from '../vectors.ts';

const { parameters } = readVectors('accept.json');
const codeOf = (text: string) => refusal(verifyVector(text, parameters));
const many = (count: number) =>
  Array.from({ length: count }, (_, i) => disclose(['c2FsdA', `claim-${i}`, i]));

describe('bounds on what a stranger may send', () => {
  test(`${LIMITS.disclosures} disclosures, and not one more`, async () => {
    expect(await codeOf(presented({ disclosures: many(LIMITS.disclosures) }))).toBe('accepted');
    expect(await codeOf(presented({ disclosures: many(LIMITS.disclosures + 1) }))).toBe(
      'sd_jwt_too_many_disclosures',
    );
    expect(await codeOf(`a.b.c${'~x'.repeat(20_000)}~`)).toBe('sd_jwt_too_many_disclosures');
  });

  test('length of a disclosure', async () => {
    const long = disclose(['c2FsdA', 'x', 'x'.repeat(LIMITS.disclosureChars)]);
    expect(await codeOf(presented({ disclosures: [long] }))).toBe('disclosure_too_large');
  });

  test('length of the whole', async () => {
    expect(await codeOf('~'.repeat(LIMITS.presentationChars + 1))).toBe('sd_jwt_too_large');
  });

  test('length of the issuer-signed JWT', async () => {
    const text = presented({ payload: withMembers({ note: 'x'.repeat(LIMITS.jwsChars) }) });
    expect(await codeOf(text)).toBe(
      text.length > LIMITS.presentationChars ? 'sd_jwt_too_large' : 'jws_too_large',
    );
    expect(await codeOf(presented({ payload: withMembers({ note: 'x'.repeat(40_000) }) }))).toBe(
      'jws_too_large',
    );
  });

  test('number of digests, decoys included', async () => {
    const decoys = (count: number) => Array.from({ length: count }, (_, i) => sha256(`${i}`));
    const spread = withMembers({ a: { _sd: decoys(300) } });
    expect(await codeOf(presented({ payload: spread }))).toBe('accepted');
    // Nested in disclosures, where each stays below the length bounds.
    const boxes = Array.from({ length: 4 }, (_, box) =>
      disclose(['c2FsdA', `box-${box}`, { _sd: decoys(256).map((d) => sha256(`${box}${d}`)) }]),
    );
    expect(await codeOf(presented({ disclosures: boxes }))).toBe('too_many_digests');
  });
});
