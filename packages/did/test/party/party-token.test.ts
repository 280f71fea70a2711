import { type HttpRequest, type Signer, toBase64url, utf8 } from '@attestel/core';
import { decodeJWT, verifyJWT } from 'did-jwt';
import { Resolver } from 'did-resolver';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  createDid,
  createPartyAuthenticator,
  createPartyToken,
  type DidResolver,
  getResolver,
  type PartyAuthenticator,
  requireParty,
} from '../../src/index.ts';
import { resolutionError } from '../../src/resolver/resolution-error.ts';
import { ledgerWithHistory } from '../fakes/history.ts';
import { signOperation } from '../fakes/ledger.ts';
import { party } from '../fakes/party.ts';
import { seededRandom, seededSigner } from '../fakes/seeded.ts';

const { ledger, alice, gone, resolver } = await ledgerWithHistory();
const AUDIENCE = 'https://node.example';
let now = 1_800_000_500;
const clock = { now: () => now * 1000 };

/** Counts resolutions, so that tests see the cache at work. */
let resolutions = 0;
const counting: DidResolver = {
  resolve: (...request) => {
    resolutions += 1;
    return resolver.resolve(...request);
  },
};

const request = (authorization?: string): HttpRequest => ({
  method: 'POST',
  url: new URL(`${AUDIENCE}/v1/desk`),
  params: {},
  headers: { authorization },
  body: new Uint8Array(),
  signal: new AbortController().signal,
});

const tokenOf = (changes: Partial<Parameters<typeof createPartyToken>[0]> = {}) =>
  createPartyToken({
    did: alice.did,
    kid: alice.kid,
    signer: alice.key,
    audience: AUDIENCE,
    clock,
    ...changes,
  });

/** A token with anything in it, signed by Alice unless said otherwise. */
async function forged(header: object, claims: object, signer: Signer = alice.key): Promise<string> {
  const part = (value: object) => toBase64url(utf8(JSON.stringify(value)));
  const input = `${part({ alg: 'ES256', typ: 'JWT', kid: alice.kid, ...header })}.${part({
    iss: alice.did,
    aud: AUDIENCE,
    iat: now,
    exp: now + 60,
    ...claims,
  })}`;
  return `${input}.${toBase64url(await signer.sign(utf8(input)))}`;
}

let authenticate: PartyAuthenticator;

beforeEach(() => {
  now = 1_800_000_500;
  resolutions = 0;
  authenticate = createPartyAuthenticator({ resolver: counting, audience: AUDIENCE, clock });
});

describe('party token (architecture §4)', () => {
  test('names the DID, one audience and a short life, and nothing else', async () => {
    const { header, payload } = decodeJWT(await tokenOf());
    expect(header).toEqual({ alg: 'ES256', typ: 'JWT', kid: alice.kid });
    expect(payload).toEqual({ iss: alice.did, aud: AUDIENCE, iat: now, exp: now + 120 });
  });

  test.each([301, 0, -1, Number.NaN])('does not live %d s', async (ttlSeconds) => {
    await expect(tokenOf({ ttlSeconds })).rejects.toThrow(TypeError);
  });

  test('lives 300 s at most', async () => {
    expect(decodeJWT(await tokenOf({ ttlSeconds: 300 })).payload.exp).toBe(now + 300);
  });

  test("is accepted by did-jwt's verifyJWT through our did-resolver driver", async () => {
    const verified = await verifyJWT(await tokenOf(), {
      resolver: new Resolver(getResolver(resolver)),
      audience: AUDIENCE,
      policies: { now },
      proofPurpose: 'authentication',
    });
    expect(verified).toMatchObject({ verified: true, issuer: alice.did, signer: { id: alice.kid } });
  });

  test('of a deactivated DID is refused by did-jwt too', async () => {
    const jwt = await tokenOf({ did: gone.did, kid: gone.kid, signer: gone.key });
    const verification = verifyJWT(jwt, {
      resolver: new Resolver(getResolver(resolver)),
      audience: AUDIENCE,
      policies: { now },
    });
    await expect(verification).rejects.toThrow();
  });
});

describe('authentication', () => {
  test('gives the DID of a good token', async () => {
    expect(await authenticate(request(`Bearer ${await tokenOf()}`))).toEqual({ did: alice.did });
  });

  test('accepts an Ed25519 key as well', async () => {
    const [control, key] = [seededSigner('ed/1'), seededSigner('ed/key')];
    const created = createDid({
      network: 'test',
      controlKey: control,
      nextKeys: [seededSigner('ed/2').publicKey],
      ledgerKeys: [],
      document: {
        verificationMethods: [{ fragment: 'a', key: key.publicKey, relationships: ['authentication'] }],
      },
      random: seededRandom('ed'),
    });
    const payload = { ...alice.base, kind: 'create', actor: created.did, previous: null };
    ledger.submit(
      await signOperation({ ...payload, body: { genesis: created.genesis } }, [control], created.attachment),
    );
    const token = await tokenOf({ did: created.did, kid: `${created.did}#a`, signer: key });
    expect(await authenticate(request(`Bearer ${token}`))).toEqual({ did: created.did });
  });

  test('a token seen before is not verified again, until it expires', async () => {
    const token = await tokenOf();
    for (let i = 0; i < 3; i++) await authenticate(request(`Bearer ${token}`));
    expect(resolutions).toBe(1);
    now += 120;
    await expect(authenticate(request(`Bearer ${token}`))).rejects.toMatchObject({ code: 'token_expired' });
    await expect(authenticate(request(`Bearer ${token}`))).rejects.toMatchObject({ code: 'token_expired' });
  });

  test('whether the party is active is asked every time', async () => {
    let active = true;
    const strict = createPartyAuthenticator({ resolver, audience: AUDIENCE, clock, isActive: () => active });
    const token = await tokenOf();
    await strict(request(`Bearer ${token}`));
    active = false;
    await expect(strict(request(`Bearer ${token}`))).rejects.toMatchObject({
      code: 'party_inactive',
      status: 403,
    });
  });

  test('a cached token with another signature is another token', async () => {
    const token = await tokenOf();
    await authenticate(request(`Bearer ${token}`));
    const [head = '', body = '', signature = ''] = token.split('.');
    const flipped = `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    await expect(authenticate(request(`Bearer ${flipped}`))).rejects.toMatchObject({ code: 'token_invalid' });
  });

  test.each<[string, () => Promise<string> | string]>([
    ['for another node', () => tokenOf({ audience: 'https://other.example' })],
    ['for an audience that differs by a slash', () => tokenOf({ audience: `${AUDIENCE}/` })],
    ['for several audiences', () => forged({}, { aud: [AUDIENCE, 'https://other.example'] })],
    ['without audience', () => forged({}, { aud: undefined })],
    ['without iat', () => forged({}, { iat: undefined })],
    ['without exp', () => forged({}, { exp: undefined })],
    ['that lives longer than 300 s', () => forged({}, { exp: now + 301 })],
    ['that expires before it was made', () => forged({}, { iat: now + 20, exp: now + 10 })],
    ['from the future', () => forged({}, { iat: now + 31, exp: now + 90 })],
    ['not valid yet', () => forged({}, { nbf: now + 31 })],
    ['with a fractional time', () => forged({}, { iat: now - 0.5 })],
    ['whose iss is another DID', () => forged({}, { iss: party('history-bob').did })],
    ['without iss', () => forged({}, { iss: undefined })],
    ['whose kid is of another DID', () => forged({ kid: party('history-bob').kid }, {})],
    [
      'whose kid names a ledger key',
      () => forged({ kid: `${alice.did}#ledger-1`, alg: 'EdDSA' }, {}, alice.ledgerKey),
    ],
    ['whose kid has a version', () => forged({ kid: `${alice.did}?versionId=1#key-1` }, {})],
    ['whose kid is a fragment', () => forged({ kid: '#key-1' }, {})],
    ['without kid', () => forged({ kid: undefined }, {})],
    ['with another algorithm than the key', () => forged({ alg: 'EdDSA' }, {}, alice.ledgerKey)],
    ['with alg none', () => forged({ alg: 'none' }, {})],
    ['with alg HS256', () => forged({ alg: 'HS256' }, {})],
    ['of another type', () => forged({ typ: 'dc+sd-jwt' }, {})],
    ['without type', () => forged({ typ: undefined }, {})],
    ['with an unknown critical header', () => forged({ crit: ['x'], x: 1 }, {})],
    ['signed by another key', () => forged({}, {}, seededSigner('thief', 'ES256'))],
    [
      'of an unknown DID',
      () => tokenOf({ did: party('token-unknown').did, kid: party('token-unknown').kid }),
    ],
    ['of a deactivated DID', () => tokenOf({ did: gone.did, kid: gone.kid, signer: gone.key })],
    ['that is no JWT', () => 'abc'],
    ['with four parts', async () => `${await tokenOf()}.x`],
    ['with a broken header', async () => `e30.${(await tokenOf()).split('.').slice(1).join('.')}`],
    ['longer than 2048 characters', () => forged({ pad: 'x'.repeat(2048) }, {})],
  ])('refuses a token %s', async (_, make) => {
    const token = await make();
    await expect(authenticate(request(`Bearer ${token}`))).rejects.toMatchObject({
      code: 'token_invalid',
      status: 401,
    });
  });

  test('an expired token is told apart', async () => {
    const token = await forged({}, { iat: now - 100, exp: now });
    await expect(authenticate(request(`Bearer ${token}`))).rejects.toMatchObject({ code: 'token_expired' });
  });

  test('a token for another node costs no resolution', async () => {
    const token = await tokenOf({ audience: 'https://other.example' });
    await expect(authenticate(request(`Bearer ${token}`))).rejects.toThrow();
    expect(resolutions).toBe(0);
  });

  test('a resolver that fails is no fault of the caller', async () => {
    const failing: DidResolver = { resolve: async () => resolutionError('INTERNAL_ERROR') };
    const broken = createPartyAuthenticator({ resolver: failing, audience: AUDIENCE, clock });
    const call = broken(request(`Bearer ${await tokenOf()}`));
    await expect(call).rejects.toMatchObject({ code: 'resolution_failed', status: 503 });
  });

  test('no token, or another scheme, is refused', async () => {
    await expect(authenticate(request())).rejects.toMatchObject({ code: 'token_missing', status: 401 });
    await expect(authenticate(request('Basic YTpi'))).rejects.toMatchObject({ code: 'token_invalid' });
  });

  test('errors repeat nothing of the token', async () => {
    const token = await tokenOf({ audience: 'https://other.example' });
    const error = await authenticate(request(`Bearer ${token}`)).catch((caught: Error) => caught);
    expect(String(error)).not.toContain(token.slice(0, 20));
  });
});

describe('requireParty', () => {
  const handle = requireParty(
    (r) => authenticate(r),
    'problem',
    (_, caller) => ({ status: 200, body: caller.did }),
  );

  test('lets an authenticated party through', async () => {
    expect(await handle(request(`Bearer ${await tokenOf()}`))).toEqual({ status: 200, body: alice.did });
  });

  test('challenges the others [RFC 6750 §3]', async () => {
    const missing = await handle(request());
    expect(missing).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="attestel"' },
    });
    const wrong = await handle(request('Bearer a.b.c'));
    expect(wrong.status).toBe(401);
    expect(wrong.headers?.['www-authenticate']).toContain('error="invalid_token"');
  });

  test('leaves other errors to the error handler', async () => {
    const broken = requireParty(
      () => Promise.reject(new Error('no disk')),
      'problem',
      () => ({ status: 200 }),
    );
    await expect(Promise.resolve(broken(request()))).rejects.toThrow('no disk');
  });
});
