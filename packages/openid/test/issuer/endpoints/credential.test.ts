import { beforeEach, describe, expect, it } from 'vitest';
import { sampleSubscribers } from '../../../src/issuer/index.ts';
import { type TestKey, testKey } from '../fakes/foreign-wallet.ts';
import type { Answer } from '../fakes/http.ts';
import { type RawClient, rawClient } from '../fakes/raw-client.ts';
import { createWorld, type Operator, type World } from '../fakes/world.ts';

const samples = sampleSubscribers({ seed: 'test', operator: 'zhonglian', count: 2 });
const subscriptionId = samples[0]?.subscriptionId as string;

let world: World;
let operator: Operator;
let client: RawClient;
let token: string;
let cNonce: string;

beforeEach(async () => {
  world = await createWorld();
  operator = world.operators[0] as Operator;
  await operator.issuer.subscribers.seed(samples);
  client = rawClient(world, operator);
  token = await client.accessToken(subscriptionId);
  cNonce = (await client.nonces()).cNonce;
});

function expectError(answer: Answer, error: string, status = 400): void {
  expect([answer.status, answer.json().error]).toEqual([status, error]);
  expect(answer.headers['cache-control']).toBe('no-store');
}

const payloadOf = (answer: Answer, i = 0): Record<string, { jwk?: unknown }> => {
  const { credential } = (answer.json().credentials as { credential: string }[])[i] ?? { credential: '' };
  return JSON.parse(Buffer.from(credential.split('.')[1] as string, 'base64url').toString());
};

const disclosed = (answer: Answer): Record<string, unknown> => {
  const { credential } = (answer.json().credentials as { credential: string }[])[0] ?? { credential: '' };
  const disclosures = credential.split('~').slice(1, -1);
  return Object.fromEntries(
    disclosures.map((text) => JSON.parse(Buffer.from(text, 'base64url').toString()).slice(1)),
  );
};

const proofsBy = (keys: readonly TestKey[], nonce = cNonce) =>
  keys.map((key) => client.keyProof(nonce, { key }));

describe('the credential endpoint', () => {
  it('binds each copy to the bare key of its proof', async () => {
    const key = testKey();
    const noisy = { ...key.jwk, kid: 'mine', use: 'sig', alg: 'ES256' };
    const proof = client.keyProof(cNonce, { key, header: { jwk: noisy } });
    const answer = await client.postCredential(token, await client.request([proof]));
    expect(answer.status).toBe(200);
    expect(payloadOf(answer).cnf?.jwk).toEqual(key.jwk);
  });

  it('forgets the copies of a line that have expired when it issues new ones', async () => {
    const rows = (table: string) => [...operator.store.range(table)].length;
    const issue = async () => {
      const access = await client.accessToken(subscriptionId);
      const body = await client.request(proofsBy([testKey(), testKey()], (await client.nonces()).cNonce));
      expect((await client.postCredential(access, body)).status).toBe(200);
    };
    await issue();
    world.clock.advance(10 * 86_400);
    await issue();
    expect([rows('issuer/copies'), rows('issuer/holder-keys')]).toEqual([2, 4]);
    world.clock.advance(5 * 86_400);
    await issue();
    expect([rows('issuer/copies'), rows('issuer/holder-keys')]).toEqual([2, 4]);
  });

  it('takes ten proofs and not eleven', async () => {
    const keys = Array.from({ length: 11 }, testKey);
    const many = await client.postCredential(token, await client.request(proofsBy(keys)));
    expectError(many, 'invalid_credential_request');
    const ten = await client.postCredential(token, await client.request(proofsBy(keys.slice(1))));
    expect((ten.json().credentials as unknown[]).length).toBe(10);
  });

  it.each([
    ['no JSON', '{', 'invalid_credential_request'],
    ['a list', [], 'invalid_credential_request'],
    ['no configuration', { proofs: { jwt: ['x'] } }, 'invalid_credential_request'],
    [
      'an unknown configuration',
      { credential_configuration_id: 'id_card', proofs: { jwt: ['x'] } },
      'unknown_credential_configuration',
    ],
    [
      'an identifier',
      { credential_identifier: 'a', proofs: { jwt: ['x'] } },
      'unknown_credential_identifier',
    ],
    [
      'identifier and configuration',
      { credential_identifier: 'a', credential_configuration_id: 'phone_number', proofs: { jwt: ['x'] } },
      'invalid_credential_request',
    ],
    ['no proofs', { credential_configuration_id: 'phone_number' }, 'invalid_proof'],
    [
      'no proof at all in proofs',
      { credential_configuration_id: 'phone_number', proofs: { jwt: [] } },
      'invalid_credential_request',
    ],
    [
      'another proof type',
      { credential_configuration_id: 'phone_number', proofs: { attestation: ['x'] } },
      'invalid_proof',
    ],
    [
      'two proof types',
      { credential_configuration_id: 'phone_number', proofs: { jwt: ['x'], di_vp: ['x'] } },
      'invalid_proof',
    ],
    [
      'a proof that is no text',
      { credential_configuration_id: 'phone_number', proofs: { jwt: [{}] } },
      'invalid_proof',
    ],
    [
      'a proof that is garbage',
      { credential_configuration_id: 'phone_number', proofs: { jwt: ['x'] } },
      'invalid_proof',
    ],
    [
      'a wish for encryption',
      {
        credential_configuration_id: 'phone_number',
        proofs: { jwt: ['x'] },
        credential_response_encryption: {},
      },
      'invalid_encryption_parameters',
    ],
  ])('refuses %s [VCI-8.3.1]', async (_, body, error) => {
    expectError(await client.postCredential(token, body), error);
    const right = await client.request([client.keyProof(cNonce)]);
    expect((await client.postCredential(token, right)).status).toBe(200);
  });

  it('ignores members it does not know [VCI-8.2]', async () => {
    const body = await client.request([client.keyProof(cNonce)], { more: 1 });
    expect((await client.postCredential(token, body)).status).toBe(200);
  });
});

describe('a key proof', () => {
  it.each([
    ['of another type', { header: { typ: 'JWT' } }],
    ['without algorithm', { header: { alg: 'none' } }],
    ['with another algorithm', { header: { alg: 'EdDSA' } }],
    ['with kid beside jwk', { header: { kid: 'a' } }],
    ['with x5c beside jwk', { header: { x5c: ['AA'] } }],
    ['without a key', { header: { jwk: undefined } }],
    ['with a private key', { header: { jwk: { ...testKey().jwk, d: 'AA' } } }],
    ['for another issuer', { claims: { aud: 'http://huatong.localhost:4102' } }],
    ['for a list of issuers', { claims: { aud: ['http://zhonglian.localhost:4101'] } }],
    ['without audience', { claims: { aud: undefined } }],
    ['without iat', { claims: { iat: undefined } }],
    ['that is old', { claims: { iat: Date.UTC(2026, 10, 22, 11, 54) / 1000 } }],
    ['from the future', { claims: { iat: Date.UTC(2026, 10, 22, 12, 2) / 1000 } }],
    ['without a nonce', { claims: { nonce: undefined } }],
    ['signed by another key', { signedBy: testKey() }],
  ])('is refused %s [VCI-F.1]', async (_, change) => {
    const proofs = [client.keyProof(cNonce), client.keyProof(cNonce, change)];
    expectError(await client.postCredential(token, await client.request(proofs)), 'invalid_proof');
  });

  it('is refused when its key comes twice in the batch', async () => {
    const key = testKey();
    const answer = await client.postCredential(token, await client.request(proofsBy([key, testKey(), key])));
    expectError(answer, 'invalid_proof');
  });

  it('is refused with a nonce that is foreign, of another kind or over [VCI-8.3.1]', async () => {
    const { dpopNonce } = await client.nonces();
    for (const nonce of ['x', dpopNonce]) {
      const body = await client.request([client.keyProof(nonce)]);
      expectError(await client.postCredential(token, body), 'invalid_nonce');
    }
    world.clock.advance(299);
    const fresh = await client.accessToken(subscriptionId);
    world.clock.advance(1);
    expectError(
      await client.postCredential(fresh, await client.request([client.keyProof(cNonce)])),
      'invalid_nonce',
    );
  });

  it('is refused with a bad nonce also behind one with a good nonce', async () => {
    const body = await client.request([client.keyProof(cNonce), client.keyProof('x')]);
    expectError(await client.postCredential(token, body), 'invalid_nonce');
  });

  it('uses up the nonce of every proof in the batch', async () => {
    const other = (await client.nonces()).cNonce;
    const body = await client.request([client.keyProof(cNonce), client.keyProof(other)]);
    expect((await client.postCredential(token, body)).status).toBe(200);
    for (const used of [cNonce, other]) {
      const again = await client.request([client.keyProof(used)]);
      expectError(await client.postCredential(token, again), 'invalid_nonce');
    }
  });

  it('is refused with a nonce that was used, also over a restart', async () => {
    const body = await client.request([client.keyProof(cNonce)]);
    expect((await client.postCredential(token, body)).status).toBe(200);
    await operator.reopen();
    expectError(await client.postCredential(token, body), 'invalid_nonce');
  });
});

describe('the access token', () => {
  const body = async () => client.request([client.keyProof((await client.nonces()).cNonce)]);

  it('is asked for with a challenge that names no error [RFC6750-3.1]', async () => {
    const answer = await client.call('POST', '/credential', { 'content-type': 'application/json' }, '{}');
    expectError(answer, 'invalid_token', 401);
    expect(answer.headers['www-authenticate']).toBe('DPoP algs="ES256"');
  });

  it('is refused as a bearer token [RFC9449-7.1]', async () => {
    const answer = await client.postCredential(token, await body(), { authorization: `Bearer ${token}` });
    expectError(answer, 'invalid_token', 401);
    expect(answer.headers['www-authenticate']).toBe('DPoP error="invalid_token", algs="ES256"');
  });

  it('is refused when unknown, over, or proved by another key', async () => {
    expectError(await client.postCredential('A'.repeat(43), await body()), 'invalid_token', 401);
    const stolen = await client.dpop('/credential', { token, key: testKey() });
    expectError(await client.postCredential(token, await body(), { proof: stolen }), 'invalid_token', 401);
    world.clock.advance(300);
    expectError(await client.postCredential(token, await body()), 'invalid_token', 401);
  });

  it('is refused with a proof that is not bound to it [RFC9449-4.3]', async () => {
    for (const change of [{}, { token: 'A'.repeat(43) }]) {
      const proof = await client.dpop('/credential', change);
      const answer = await client.postCredential(token, await body(), { proof });
      expectError(answer, 'invalid_dpop_proof', 401);
    }
  });

  it('gets the nonce it needs by a challenge [RFC9449-9]', async () => {
    const proof = await client.dpop('/credential', { token, claims: { nonce: undefined } });
    const answer = await client.postCredential(token, await body(), { proof });
    expectError(answer, 'use_dpop_nonce', 401);
    expect(answer.headers['www-authenticate']).toContain('error="use_dpop_nonce"');
    const nonce = answer.headers['dpop-nonce'];
    const again = await client.dpop('/credential', { token, claims: { nonce } });
    expect((await client.postCredential(token, await body(), { proof: again })).status).toBe(200);
  });

  it('is refused with a proof that was used', async () => {
    const proof = await client.dpop('/credential', { token });
    expect((await client.postCredential(token, await body(), { proof })).status).toBe(200);
    expectError(await client.postCredential(token, await body(), { proof }), 'invalid_dpop_proof', 401);
  });

  it('serves three requests, so that a lost answer loses nothing, and not more', async () => {
    for (let i = 0; i < 3; i++) expect((await client.postCredential(token, await body())).status).toBe(200);
    expectError(await client.postCredential(token, await body()), 'invalid_token', 401);
  });

  it('works after a restart between token and credential', async () => {
    await operator.reopen();
    expect((await client.postCredential(token, await body())).status).toBe(200);
  });

  it('is void after a transfer of the line in between', async () => {
    await operator.issuer.subscribers.transfer(subscriptionId, { holderName: { 'zh-CN': '新', en: 'New' } });
    expectError(await client.postCredential(token, await body()), 'credential_request_denied');
  });

  it('gives nothing for a line that was suspended in between', async () => {
    const event = { type: 'suspend', reason: 'operator', at: world.clock.seconds() } as const;
    await operator.issuer.subscribers.apply(subscriptionId, event);
    expectError(await client.postCredential(token, await body()), 'credential_request_denied');
  });
});

describe('the old key', () => {
  const first = testKey();
  const issueTo = async (from: RawClient, keys: readonly TestKey[], more: Record<string, unknown> = {}) => {
    const access = await from.accessToken(subscriptionId);
    const nonce = (await from.nonces()).cNonce;
    const proofs = keys.map((key) => from.keyProof(nonce, { key }));
    return from.postCredential(access, await from.request(proofs, more));
  };
  const jktOf = async (from: RawClient): Promise<string> => {
    const { calculateJwkThumbprint } = await import('jose');
    return calculateJwkThumbprint(from.dpopKey.jwk);
  };

  it('lets a new wallet take over at once', async () => {
    await issueTo(client, [first]);
    const next = rawClient(world, operator);
    const statement = client.bindingStatement((await client.nonces()).cNonce, first, {
      action: 'rebind',
      jkt: await jktOf(next),
    });
    const answer = await issueTo(next, [testKey()], { binding_statement: statement });
    expect(answer.status).toBe(200);
    expect(disclosed(answer)).toMatchObject({ binding_pending: false });
    expect(operator.issuer.subscribers.get(subscriptionId)?.line.pending).toBeNull();
  });

  it('is not spoken for by another key, another wallet, another line, or yesterday', async () => {
    await issueTo(client, [first]);
    const next = rawClient(world, operator);
    const jkt = await jktOf(next);
    const { cNonce: nonce } = await client.nonces();
    const statements = [
      client.bindingStatement(nonce, testKey(), { action: 'rebind', jkt }),
      client.bindingStatement(nonce, first, { action: 'rebind', jkt: await jktOf(client) }),
      client.bindingStatement(nonce, first, { action: 'veto', jkt }),
      client.bindingStatement(nonce, first, { action: 'rebind', jkt, iat: world.clock.seconds() - 301 }),
      client.bindingStatement(nonce, first, { action: 'rebind', jkt, aud: 'http://other.localhost' }),
    ];
    for (const statement of statements) {
      const answer = await issueTo(next, [testKey()], { binding_statement: statement });
      expect([answer.status, answer.json().error]).toEqual([400, 'invalid_proof']);
    }
    expect(operator.issuer.subscribers.get(subscriptionId)?.line.pending).toBeNull();
  });

  it('has no say any more once the waiting time of another is over', async () => {
    await issueTo(client, [first]);
    await issueTo(rawClient(world, operator), [testKey()]);
    world.clock.advance(72 * 3600 + 1);
    const thief = rawClient(world, operator);
    const statement = client.bindingStatement((await client.nonces()).cNonce, first, {
      action: 'rebind',
      jkt: await jktOf(thief),
    });
    const answer = await issueTo(thief, [testKey()], { binding_statement: statement });
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_proof']);
    expect(disclosed(await issueTo(thief, [testKey()]))).toMatchObject({ binding_pending: true });
  });

  it('vetoes a re-binding while it waits; the line rests then', async () => {
    await issueTo(client, [first]);
    const thief = testKey();
    await issueTo(rawClient(world, operator), [thief]);
    const veto = async (holder: TestKey) => {
      const statement = client.bindingStatement((await client.nonces()).cNonce, holder, { action: 'veto' });
      const headers = { 'content-type': 'application/json' };
      return client.call('POST', '/binding/veto', headers, JSON.stringify({ statement }));
    };
    expect((await veto(thief)).status).toBe(400);
    expect((await veto(testKey())).status).toBe(400);
    expect((await veto(first)).json()).toEqual({ phase: 'suspended' });
    expect((await veto(first)).status).toBe(409);
    expect(operator.issuer.subscribers.get(subscriptionId)?.line).toMatchObject({
      pending: null,
      suspension: 'dispute',
    });
  });

  it('is refused credentials while another key waits: that would hide the change', async () => {
    await issueTo(client, [first]);
    await issueTo(rawClient(world, operator), [testKey()]);
    expectError(await issueTo(client, [testKey()]), 'credential_request_denied');
  });
});
