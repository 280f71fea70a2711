import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type CredentialOffer, sampleSubscribers } from '../../../src/issuer/index.ts';
import { signJwt, testKey } from '../fakes/foreign-wallet.ts';
import type { Answer } from '../fakes/http.ts';
import { type RawClient, rawClient } from '../fakes/raw-client.ts';
import { createWorld, type Operator, type World } from '../fakes/world.ts';

const samples = sampleSubscribers({ seed: 'test', operator: 'zhonglian', count: 1 });
const subscriptionId = samples[0]?.subscriptionId as string;

let world: World;
let operator: Operator;
let client: RawClient;
let offer: CredentialOffer;
let code: string;

beforeEach(async () => {
  world = await createWorld();
  operator = world.operators[0] as Operator;
  await operator.issuer.subscribers.seed(samples);
  client = rawClient(world, operator);
  offer = await operator.issuer.createOffer({ subscriptionId });
  code = await client.preAuthorizedCode(offer);
});

const form = (change: Record<string, string> = {}) => ({
  grant_type: client.GRANT,
  'pre-authorized_code': code,
  tx_code: offer.txCode,
  ...change,
});

const wrong = (txCode: string): string => txCode.replace(/^./, (digit) => String((Number(digit) + 1) % 10));

function expectError(answer: Answer, error: string, status = 400): void {
  expect(answer.json()).toMatchObject({ error, error_description: expect.any(String) });
  expect(answer.status).toBe(status);
  expect(answer.headers['cache-control']).toBe('no-store');
  // RFC 6749 §5.2
  expect(String(answer.json().error_description)).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/);
}

describe('the token endpoint', () => {
  it('answers a DPoP token that lives five minutes and is not cached [RFC9449-5]', async () => {
    const answer = await client.redeem(code, offer.txCode);
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'DPoP',
      expires_in: 300,
    });
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'dpop-nonce': expect.any(String) });
  });

  it('takes a code once', async () => {
    await client.redeem(code, offer.txCode);
    expectError(await client.redeem(code, offer.txCode), 'invalid_grant');
    expect((await client.call('GET', `/offers/${offer.id}`)).status).toBe(404);
  });

  it('gives one token to two requests at the same moment', async () => {
    const answers = await Promise.all([client.redeem(code, offer.txCode), client.redeem(code, offer.txCode)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  it('refuses a code after ten minutes', async () => {
    world.clock.advance(600);
    expectError(await client.redeem(code, offer.txCode), 'invalid_grant');
    expect((await client.call('GET', `/offers/${offer.id}`)).status).toBe(404);
  });

  it('refuses an unknown code and writes nothing for it, however good the proof', async () => {
    const writes = vi.spyOn(operator.store, 'transact');
    expectError(await client.redeem('A'.repeat(43), offer.txCode), 'invalid_grant');
    expect(writes).not.toHaveBeenCalled();
  });

  it('refuses a wrong transaction code and takes the right one after it', async () => {
    expectError(await client.redeem(code, wrong(offer.txCode)), 'invalid_grant');
    expect((await client.redeem(code, offer.txCode)).status).toBe(200);
  });

  it('ends the offer with the fifth wrong transaction code, also over a restart', async () => {
    for (let i = 0; i < 5; i++) {
      expectError(await client.redeem(code, wrong(offer.txCode)), 'invalid_grant');
      await operator.reopen();
    }
    expectError(await client.redeem(code, offer.txCode), 'invalid_grant');
  });

  it('asks for the transaction code when it is missing [VCI-6.3]', async () => {
    const { tx_code: _, ...rest } = form();
    expectError(await client.postToken(rest, await client.dpop('/token')), 'invalid_request');
  });

  it.each([
    ['another grant type', { grant_type: 'authorization_code' }, 'unsupported_grant_type'],
    ['an empty grant type', { grant_type: '' }, 'invalid_request'],
    ['an empty code', { 'pre-authorized_code': '' }, 'invalid_request'],
  ])('refuses %s', async (_, change, error) => {
    expectError(await client.postToken(form(change), await client.dpop('/token')), error);
  });

  it('refuses a parameter that comes twice [RFC6749-3.2]', async () => {
    const twice = `${new URLSearchParams(form())}&tx_code=000000`;
    expectError(await client.postToken(twice, await client.dpop('/token')), 'invalid_request');
  });

  it('refuses a JSON body', async () => {
    const headers = { 'content-type': 'application/json', dpop: await client.dpop('/token') };
    expectError(await client.call('POST', '/token', headers, JSON.stringify(form())), 'invalid_request');
  });

  it('ignores parameters it does not know [VCI-6.1]', async () => {
    const answer = await client.postToken(form({ client_id: 'x', more: 'y' }), await client.dpop('/token'));
    expect(answer.status).toBe(200);
  });
});

describe('a DPoP proof at the token endpoint', () => {
  it('is required', async () => {
    expectError(await client.postToken(form()), 'invalid_dpop_proof');
  });

  it.each([
    ['of another type', { header: { typ: 'jwt' } }],
    ['that names no algorithm', { header: { alg: 'none' } }],
    ['with a symmetric algorithm', { header: { alg: 'HS256' } }],
    ['without a key', { header: { jwk: undefined } }],
    ['with a key that is not on the curve', { header: { jwk: { ...testKey().jwk, y: testKey().jwk.y } } }],
    ['with the key of somebody else', { header: { jwk: testKey().jwk } }],
    ['with a private key', { header: { jwk: { ...testKey().jwk, d: 'AA' } } }],
    ['with an RSA key', { header: { jwk: { kty: 'RSA', n: 'AA', e: 'AQAB' } } }],
    ['with a critical header', { header: { crit: ['x'], x: 1 } }],
    ['for another method', { claims: { htm: 'GET' } }],
    ['for the method in small letters', { claims: { htm: 'post' } }],
    ['for another endpoint', { claims: { htu: 'http://zhonglian.localhost:4101/credential' } }],
    ['for another host', { claims: { htu: 'http://other.localhost:4101/token' } }],
    ['for the endpoint with a query', { claims: { htu: 'http://zhonglian.localhost:4101/token?a=1' } }],
    ['without jti', { claims: { jti: undefined } }],
    ['with a jti too short to be unique', { claims: { jti: 'a' } }],
    ['without iat', { claims: { iat: undefined } }],
    ['with iat as text', { claims: { iat: '1' } }],
    ['from the past', { claims: { iat: Date.UTC(2026, 10, 22, 11, 54) / 1000 } }],
    ['from the future', { claims: { iat: Date.UTC(2026, 10, 22, 12, 2) / 1000 } }],
  ])('is refused %s', async (_, change) => {
    expectError(await client.postToken(form(), await client.dpop('/token', change)), 'invalid_dpop_proof');
    expect((await client.redeem(code, offer.txCode)).status).toBe(200);
  });

  it.each([
    ['garbage', 'not a jwt'],
    ['four parts', 'a.b.c.d'],
    ['a header that is no object', `${Buffer.from('[]').toString('base64url')}.e30.AA`],
    ['two proofs in one header', 'e30.e30.AA, e30.e30.AA'],
    ['a giant', 'a'.repeat(20_000)],
  ])('is refused when it is %s', async (_, proof) => {
    expectError(await client.postToken(form(), proof), 'invalid_dpop_proof');
  });

  it('without a nonce is answered with one, and costs no attempt [RFC9449-8]', async () => {
    const answer = await client.postToken(
      form(),
      await client.dpop('/token', { claims: { nonce: undefined } }),
    );
    expectError(answer, 'use_dpop_nonce');
    const nonce = answer.headers['dpop-nonce'];
    const again = await client.postToken(form(), await client.dpop('/token', { claims: { nonce } }));
    expect(again.status).toBe(200);
  });

  it('with a nonce that is over, foreign or altered is answered with a new one', async () => {
    const { dpopNonce, cNonce } = await client.nonces();
    const altered = `${dpopNonce.slice(0, -1)}${dpopNonce.endsWith('A') ? 'B' : 'A'}`;
    for (const nonce of [cNonce, altered, 'x']) {
      const proof = await client.dpop('/token', { claims: { nonce } });
      expectError(await client.postToken(form(), proof), 'use_dpop_nonce');
    }
    world.clock.advance(300);
    const late = await client.dpop('/token', { claims: { nonce: dpopNonce } });
    expectError(await client.postToken(form(), late), 'use_dpop_nonce');
  });

  it('counts once, also over a restart [RFC9449-11.1]', async () => {
    const other = await operator.issuer.createOffer({ subscriptionId });
    const otherCode = await client.preAuthorizedCode(other);
    const proof = await client.dpop('/token');
    expect((await client.postToken(form(), proof)).status).toBe(200);
    await operator.reopen();
    const again = form({ 'pre-authorized_code': otherCode, tx_code: other.txCode });
    expectError(await client.postToken(again, proof), 'invalid_dpop_proof');
  });

  it('is refused with a signature by another key', async () => {
    const { dpopNonce: nonce } = await client.nonces();
    const claims = {
      jti: 'abcdefgh1234',
      htm: 'POST',
      htu: `${operator.issuerUrl}/token`,
      iat: world.clock.seconds(),
    };
    const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: client.dpopKey.jwk };
    const proof = signJwt(header, { ...claims, nonce }, testKey());
    expectError(await client.postToken(form(), proof), 'invalid_dpop_proof');
  });
});
