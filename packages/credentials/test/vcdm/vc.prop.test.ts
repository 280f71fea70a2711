import { issueVc, type Vc, vcKeysOf, verifyVc } from '@attestel/credentials';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { didOf, fakeResolver, NOW, newConsortium, type Operator, refusalOf } from '../fixtures.ts';

const [operator] = (await newConsortium(1)).operators as [Operator];
const { resolver } = fakeResolver([operator]);
const findKey = vcKeysOf(resolver);

const claimName = fc
  .string({ maxLength: 12, unit: 'grapheme' })
  .filter((name) => name !== 'id' && name !== '__proto__' && !name.startsWith('@') && name.isWellFormed());
const text = fc.string({ maxLength: 20 }).filter((value) => value.isWellFormed());
const claims = fc.dictionary(claimName, fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text)), {
  maxKeys: 6,
  noNullPrototype: true,
});
const hex = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString('hex'));

const vcs: fc.Arbitrary<Vc> = fc.record({
  type: fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,20}$/),
  issuer: fc.constant(operator.did),
  subject: fc.integer({ min: 0, max: 200 }).map(didOf),
  claims,
  validFrom: fc.integer({ min: 0, max: NOW }),
  validUntil: fc.option(fc.integer({ min: NOW + 1, max: 4_000_000_000 })),
  status: fc.option(fc.record({ channel: fc.stringMatching(/^[a-z]{1,8}(?:\/[a-z]{1,8})?$/), ref: hex(32) })),
});

describe('vc+jwt, for any credential', () => {
  test('what is issued is what is read', async () => {
    await fc.assert(
      fc.asyncProperty(vcs, async (vc) => {
        const jwt = await issueVc({ vc, kid: operator.kid, signer: operator.signer });
        expect(await verifyVc({ vc: jwt, findKey, at: NOW })).toEqual(vc);
      }),
    );
  });

  test('one character changed anywhere is refused', async () => {
    const [vc] = fc.sample(vcs, { numRuns: 1, seed: 7 }) as [Vc];
    const jwt = await issueVc({ vc, kid: operator.kid, signer: operator.signer });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(jwt.length - 1),
        fc.string({ minLength: 1, maxLength: 1 }),
        async (at, char) => {
          fc.pre(jwt[at] !== char);
          const changed = jwt.slice(0, at) + char + jwt.slice(at + 1);
          expect(await refusalOf(() => verifyVc({ vc: changed, findKey, at: NOW }))).toMatch(/^[a-z0-9_]+$/);
          expect(await refusalOf(() => verifyVc({ vc: changed, findKey, at: NOW }))).not.toBe('accepted');
        },
      ),
      { numRuns: 300 },
    );
  });

  test('no text makes it throw anything but a refusal', async () => {
    const part = fc.oneof(
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
      fc.string(),
      fc.constant(Buffer.from('{"alg":"ES256","typ":"vc+jwt","cty":"vc"}').toString('base64url')),
    );
    const jwts = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
    await fc.assert(
      fc.asyncProperty(jwts, async (jwt) => {
        const code = await refusalOf(() => verifyVc({ vc: jwt, findKey, at: NOW }));
        expect(code).toMatch(/^(?:base64url|utf8|json|jws|alg|vc|crit)_[a-z_]+$/);
      }),
      { numRuns: 500 },
    );
  });
});
