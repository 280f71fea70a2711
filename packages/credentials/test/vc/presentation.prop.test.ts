import { equalBytes, multikeyFromJwk } from '@attestel/core';
import { PHONE_NUMBER_VCT, verifyIssuerSignedSdJwt, verifyPresentation } from '@attestel/credentials';
import { createPresentation, disclosedClaims } from '@attestel/credentials/holder';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  CLAIMS,
  issueTo,
  newConsortium,
  newSigner,
  type Operator,
  refusalOf,
  testClock,
} from '../fixtures.ts';

const clock = testClock();
const AUDIENCE = 'decentralized_identifier:did:mno:test:zQmBridge';
let operator: Operator;
let holder: Awaited<ReturnType<typeof newSigner>>;

beforeAll(async () => {
  operator = (await newConsortium(1)).operators[0] as Operator;
  holder = await newSigner();
});

const verify = (presentation: string, nonce = 'nonce-1') =>
  verifyPresentation({
    presentation,
    audience: AUDIENCE,
    nonce,
    clock,
    vcts: [PHONE_NUMBER_VCT],
    issuerKeys: async () => ({ key: operator.signer.publicKey, did: operator.did }),
  });

describe('issue, present, verify', () => {
  const claimName = fc
    .string({ minLength: 1, maxLength: 20 })
    .filter((n) => !(n in Object.prototype) && !['_sd', '_sd_alg', '...', 'aud'].includes(n))
    .map((n) => `x${n}`);
  const claims = fc.dictionary(claimName, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 8 });
  /** What JSON carries, and what a disclosure may not carry in names below the top. */
  const carried = (value: object) => JSON.parse(JSON.stringify(value)) as Record<string, never>;
  const special = /"(?:_sd|_sd_alg|\.\.\.|__proto__)":/;

  test('the verifier sees exactly the claims the holder chose', async () => {
    await fc.assert(
      fc.asyncProperty(claims, fc.infiniteStream(fc.boolean()), async (generated, choices) => {
        const disclosable = carried(generated);
        fc.pre(!special.test(JSON.stringify(disclosable)));
        const sdJwt = await issueTo(operator, holder, { disclosable });
        expect(await disclosedClaims(sdJwt)).toMatchObject(disclosable);
        const chosen = Object.keys(disclosable).filter(() => choices.next().value);
        const options = { sdJwt, audience: AUDIENCE, nonce: 'nonce-1', signer: holder, clock };
        const verified = await verify(await createPresentation({ ...options, disclose: chosen }));
        const { vct, iss, iat, exp, cnf, status, ...others } = verified.claims;
        expect(others).toEqual(Object.fromEntries(chosen.map((name) => [name, disclosable[name]])));
        expect(verified.issuerDid).toBe(operator.did);
        expect(equalBytes(multikeyFromJwk(verified.cnfJwk), holder.publicKey)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('an SD-JWT as issued verifies without key binding, a presentation does not pass for one', async () => {
    const sdJwt = await issueTo(operator, holder);
    const options = {
      clock,
      vcts: [PHONE_NUMBER_VCT],
      issuerKeys: async () => ({ key: operator.signer.publicKey, did: operator.did }),
    };
    expect((await verifyIssuerSignedSdJwt({ ...options, sdJwt })).claims).toMatchObject(CLAIMS);
    const presentation = await createPresentation({
      sdJwt,
      disclose: [],
      audience: AUDIENCE,
      nonce: 'n',
      signer: holder,
      clock,
    });
    expect(await refusalOf(() => verifyIssuerSignedSdJwt({ ...options, sdJwt: presentation }))).toBe(
      'key_binding_unexpected',
    );
  });
});

describe('a presentation cannot be changed', () => {
  let presentation: string;
  beforeAll(async () => {
    const sdJwt = await issueTo({ ...operator, x5c: [] }, holder, { disclosable: { country: 'ZZ' } });
    presentation = await createPresentation({
      sdJwt,
      disclose: ['country'],
      audience: AUDIENCE,
      nonce: 'nonce-1',
      signer: holder,
      clock,
    });
    expect(await refusalOf(() => verify(presentation))).toBe('accepted');
  });

  test('every single-character substitution is refused', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~';
    const accepted: number[] = [];
    for (let at = 0; at < presentation.length; at++) {
      // The neighbour in the alphabet differs in the lowest bit, where lax decoders do not look.
      const own = alphabet.indexOf(presentation[at] as string);
      for (const other of [alphabet[own ^ 1], alphabet[(own + 17) % alphabet.length], '=', ' ']) {
        if (other === undefined || other === presentation[at]) continue;
        const changed = presentation.slice(0, at) + other + presentation.slice(at + 1);
        if ((await refusalOf(() => verify(changed))) === 'accepted') accepted.push(at);
      }
    }
    expect(accepted).toEqual([]);
  });

  test('every single-character deletion and insertion is refused', async () => {
    const accepted: number[] = [];
    for (let at = 0; at <= presentation.length; at++) {
      const shorter = presentation.slice(0, at) + presentation.slice(at + 1);
      const longer = `${presentation.slice(0, at)}A${presentation.slice(at)}`;
      for (const changed of [shorter, longer]) {
        if (changed === presentation) continue;
        if ((await refusalOf(() => verify(changed))) === 'accepted') accepted.push(at);
      }
    }
    expect(accepted).toEqual([]);
  });

  test('any other text is refused with a code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom(...'ab.~A_-{}"=\u00e9') }), async (text) => {
        expect(await refusalOf(() => verify(text))).toMatch(/^[a-z0-9_]+$/);
      }),
    );
  });
});
