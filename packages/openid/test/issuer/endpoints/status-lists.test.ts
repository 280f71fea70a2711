import { beforeEach, describe, expect, it } from 'vitest';
import { sampleSubscribers } from '../../../src/issuer/index.ts';
import { type RawClient, rawClient } from '../fakes/raw-client.ts';
import { createWorld, type Operator, type World } from '../fakes/world.ts';

const samples = sampleSubscribers({ seed: 'test', operator: 'zhonglian', count: 1 });
const subscriptionId = samples[0]?.subscriptionId as string;

let world: World;
let operator: Operator;
let client: RawClient;

beforeEach(async () => {
  world = await createWorld();
  operator = world.operators[0] as Operator;
  await operator.issuer.subscribers.seed(samples);
  client = rawClient(world, operator);
});

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString());

describe('status lists', () => {
  it('are all named by the aggregation [TSL-9.3]', async () => {
    const answer = await client.call('GET', '/status-lists');
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.json()).toEqual({ status_lists: [`${operator.issuerUrl}/status-lists/1`] });
    const metadata = await client.call('GET', '/.well-known/oauth-authorization-server');
    expect(metadata.json().status_list_aggregation_endpoint).toBe(`${operator.issuerUrl}/status-lists`);
  });

  it('are tokens about their own URI with a short life [TSL-5.1]', async () => {
    const answer = await client.call('GET', '/status-lists/1');
    expect(answer.headers).toMatchObject({
      'content-type': 'application/statuslist+jwt',
      'cache-control': 'public, max-age=30',
    });
    const iat = world.clock.seconds();
    expect(claimsOf(answer.text)).toMatchObject({
      sub: `${operator.issuerUrl}/status-lists/1`,
      iat,
      ttl: 30,
      exp: iat + 120,
      status_list: { bits: 2, lst: expect.any(String) },
    });
  });

  it('are signed once and served from memory, renewed before their time to live is over', async () => {
    const first = (await client.call('GET', '/status-lists/1')).text;
    world.clock.advance(14);
    const later = await client.call('GET', '/status-lists/1');
    expect(later.text).toBe(first);
    expect(later.headers['cache-control']).toBe('public, max-age=16');
    world.clock.advance(1);
    const renewed = await client.call('GET', '/status-lists/1');
    expect(renewed.text).not.toBe(first);
    expect(renewed.headers['cache-control']).toBe('public, max-age=30');
  });

  it('are signed anew at once when a status changes', async () => {
    const token = await client.accessToken(subscriptionId);
    const { cNonce } = await client.nonces();
    await client.postCredential(token, await client.request([client.keyProof(cNonce)]));
    const before = (await client.call('GET', '/status-lists/1')).text;
    await operator.issuer.subscribers.apply(subscriptionId, { type: 'sim-swap', at: world.clock.seconds() });
    expect((await client.call('GET', '/status-lists/1')).text).not.toBe(before);
  });

  it('are not signed anew when credentials are issued: that changes no status', async () => {
    const before = (await client.call('GET', '/status-lists/1')).text;
    const token = await client.accessToken(subscriptionId);
    for (let i = 0; i < 2; i++) {
      const { cNonce } = await client.nonces();
      const proofs = [client.keyProof(cNonce), client.keyProof(cNonce)];
      expect((await client.postCredential(token, await client.request(proofs))).status).toBe(200);
    }
    expect((await client.call('GET', '/status-lists/1')).text).toBe(before);
  });

  it('that do not exist are not found, whatever the name', async () => {
    for (const id of ['0', '2', '01', '1e0', '99999999999', 'x']) {
      expect((await client.call('GET', `/status-lists/${id}`)).status).toBe(404);
    }
  });

  it('are ready when the issuer has started', async () => {
    await operator.issuer.start();
    operator.issuer.stop();
    expect(await operator.issuer.statusLists.token(1)).toMatchObject({ maxAge: 30 });
  });
});

describe('metadata', () => {
  it('of the credential issuer name endpoints, batch size and the credential in both languages [VCI-12.2.4]', async () => {
    const metadata = (await client.call('GET', '/.well-known/openid-credential-issuer')).json();
    const base = operator.issuerUrl;
    expect(metadata).toMatchObject({
      credential_issuer: base,
      credential_endpoint: `${base}/credential`,
      nonce_endpoint: `${base}/nonce`,
      batch_credential_issuance: { batch_size: 10 },
      display: [
        { name: 'zhonglian电信', locale: 'zh-CN' },
        { name: 'zhonglian', locale: 'en' },
      ],
    });
    const configuration = (
      metadata.credential_configurations_supported as Record<string, Record<string, unknown>>
    ).phone_number as Record<
      string,
      { claims: { path: string[]; display: unknown[] }[]; display: unknown[] }
    >;
    expect(configuration).toMatchObject({
      format: 'dc+sd-jwt',
      vct: 'https://credentials.attestel.example/phone-number/1',
      cryptographic_binding_methods_supported: ['jwk'],
      proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
    });
    const { claims, display } = configuration.credential_metadata ?? { claims: [], display: [] };
    expect(display).toHaveLength(2);
    expect(claims.map(({ path }) => path.join())).toContain('phone_number');
    for (const claim of claims) expect(claim.display).toHaveLength(2);
  });

  it('of the authorization server name the grant and DPoP [RFC8414-2, RFC9449-5.1]', async () => {
    expect((await client.call('GET', '/.well-known/oauth-authorization-server')).json()).toMatchObject({
      issuer: operator.issuerUrl,
      token_endpoint: `${operator.issuerUrl}/token`,
      grant_types_supported: ['urn:ietf:params:oauth:grant-type:pre-authorized_code'],
      dpop_signing_alg_values_supported: ['ES256'],
      'pre-authorized_grant_anonymous_access_supported': true,
    });
  });
});
