import { silentLogger } from '@attestel/core';
import {
  type CredentialStatus,
  createIssuerTrust,
  createStatusCache,
  PHONE_NUMBER_VCT,
  verifyIssuerSignedSdJwt,
} from '@attestel/credentials';
import { beforeEach, describe, expect, it } from 'vitest';
import { sampleSubscribers } from '../../../src/issuer/index.ts';
import { foreignWallet } from '../fakes/foreign-wallet.ts';
import { callRoutes, fetchInto } from '../fakes/http.ts';
import { createWorld, type Operator, type World } from '../fakes/world.ts';

const samples = sampleSubscribers({ seed: 'test', operator: 'zhonglian', count: 3 });
const id = samples[0]?.subscriptionId as string;

let world: World;
let operator: Operator;
const routesOf = (origin: string) =>
  world.operators.find(({ issuerUrl }) => new URL(issuerUrl).origin === origin)?.routes;

beforeEach(async () => {
  world = await createWorld();
  operator = world.operators[0] as Operator;
  await operator.issuer.subscribers.seed(samples);
});

const wallet = () => foreignWallet(routesOf, () => world.clock.now());

async function receive(from = wallet(), copies = 3) {
  const offer = await operator.issuer.createOffer({ subscriptionId: id });
  return from.receive(offer.offerUri, offer.txCode, copies);
}

async function verified(credential: string) {
  const { resolver, registry, clock } = world;
  return verifyIssuerSignedSdJwt({
    sdJwt: credential,
    issuerKeys: createIssuerTrust({ resolver, registry, clock }),
    vcts: [PHONE_NUMBER_VCT],
    clock,
  });
}

async function statusesOf(credentials: readonly string[]): Promise<CredentialStatus[]> {
  const { resolver, registry, clock } = world;
  const cache = createStatusCache({
    fetch: fetchInto(routesOf) as Parameters<typeof createStatusCache>[0]['fetch'],
    registry,
    resolver,
    clock,
    logger: silentLogger,
  });
  await cache.refreshNow();
  const results = await Promise.all(credentials.map(verified));
  return results.map(({ status }) => cache.status(status.uri, status.idx));
}

describe('a wallet of foreign code', () => {
  it('gets a batch that verifies against ledger, certificate and registry [VCI-8]', async () => {
    const { credentials, holders, token } = await receive();
    expect(token.token_type).toBe('DPoP');
    expect(credentials).toHaveLength(3);
    const results = await Promise.all(credentials.map(verified));
    expect(results.map(({ cnfJwk }) => cnfJwk)).toEqual(holders.map(({ jwk }) => jwk));
    expect(results[0]).toMatchObject({ issuerDid: operator.did, issuer: operator.issuerUrl });
    expect(results[0]?.claims).toMatchObject({
      phone_number: samples[0]?.phoneNumber,
      phone_number_verified: true,
      country: 'CN',
      mcc: '001',
      mnc: '01',
      mobile_operator: 'zhonglian',
      verification_method: 'network',
      verified_at: '2026-11-22',
      binding_changed_at: '2026-11-22',
      binding_pending: false,
      tenure_over_1y: true,
      sim_unchanged_30d: true,
    });
    expect(await statusesOf(credentials)).toEqual(['valid', 'valid', 'valid']);
  });

  it('gets copies that share nothing but their claims', async () => {
    const { credentials } = await receive(wallet(), 10);
    const results = await Promise.all(credentials.map(verified));
    const indices = results.map(({ status }) => `${status.uri} ${status.idx}`);
    expect(new Set(indices).size).toBe(10);
    const disclosures = credentials.flatMap((credential) => credential.split('~').slice(1, -1));
    expect(new Set(disclosures).size).toBe(disclosures.length);
    for (const credential of credentials) {
      const payload = JSON.parse(Buffer.from(credential.split('.')[1] as string, 'base64url').toString());
      expect(Object.keys(payload).sort()).toEqual(
        ['_sd', '_sd_alg', 'cnf', 'exp', 'iat', 'iss', 'status', 'vct'].sort(),
      );
      expect(payload.iat % 86_400).toBe(0);
      expect(payload.exp - payload.iat).toBe(14 * 86_400);
    }
  });

  it('finds the status of every copy changed with each event of the line', async () => {
    const { credentials } = await receive();
    const { subscribers } = operator.issuer;
    const at = world.clock.seconds();
    const after = async () => new Set(await statusesOf(credentials));
    await subscribers.apply(id, { type: 'suspend', reason: 'operator', at });
    expect(await after()).toEqual(new Set(['suspended']));
    await subscribers.apply(id, { type: 'resume', at });
    expect(await after()).toEqual(new Set(['valid']));
    await subscribers.apply(id, { type: 'sim-swap', at });
    expect(await after()).toEqual(new Set(['sim-changed']));
    await subscribers.transfer(id, { holderName: { 'zh-CN': '新', en: 'New' } });
    expect(await after()).toEqual(new Set(['invalid']));
  });

  it('re-binds visibly after a SIM swap, under the same handle', async () => {
    const before = await verified((await receive()).credentials[0] as string);
    await operator.issuer.subscribers.apply(id, { type: 'sim-swap', at: world.clock.seconds() });
    world.clock.advance(3 * 86_400);
    const { credentials } = await receive();
    const after = await verified(credentials[0] as string);
    expect(after.claims.subscription_handle).toBe(before.claims.subscription_handle);
    expect(after.claims).toMatchObject({
      binding_pending: true,
      binding_changed_at: '2026-11-25',
      sim_changed_at: '2026-11-22',
      sim_unchanged_72h: true,
      sim_unchanged_30d: false,
    });
    expect(await statusesOf(credentials)).toEqual(['valid', 'valid', 'valid']);
  });

  it('that keeps its DPoP key renews without a re-binding', async () => {
    const mine = wallet();
    const first = await receive(mine);
    world.clock.advance(86_400);
    const second = await receive(mine);
    const claims = (await verified(second.credentials[0] as string)).claims;
    expect(claims).toMatchObject({ binding_pending: false, binding_changed_at: '2026-11-22' });
    expect(new Set(await statusesOf([...first.credentials, ...second.credentials]))).toEqual(
      new Set(['valid']),
    );
  });

  it('takes the place of another wallet only after the waiting time, and never with its copies', async () => {
    const first = await receive();
    const second = await receive();
    const statuses = async () => [
      ...new Set(await statusesOf(first.credentials)),
      ...new Set(await statusesOf(second.credentials)),
    ];
    expect(await statuses()).toEqual(['suspended', 'valid']);
    world.clock.advance(72 * 3600);
    await operator.issuer.start();
    operator.issuer.stop();
    expect(await statuses()).toEqual(['invalid', 'valid']);
    const third = await receive();
    expect((await verified(third.credentials[0] as string)).claims.binding_pending).toBe(true);
  });

  it('gets a new handle after a transfer', async () => {
    const before = await verified((await receive()).credentials[0] as string);
    await operator.issuer.subscribers.transfer(id, { holderName: { 'zh-CN': '新', en: 'New' } });
    const after = await verified((await receive()).credentials[0] as string);
    expect(after.claims.subscription_handle).not.toBe(before.claims.subscription_handle);
    expect(after.claims.binding_pending).toBe(false);
  });

  it('goes on with its token after a restart of the issuer', async () => {
    const mine = wallet();
    const offer = await operator.issuer.createOffer({ subscriptionId: id });
    const credentialOffer = await mine.client.resolveCredentialOffer(offer.offerUri);
    await operator.reopen();
    const { credentials } = await mine.receive(offer.offerUri, offer.txCode);
    expect(credentialOffer.credential_issuer).toBe(operator.issuerUrl);
    await operator.reopen();
    expect(new Set(await statusesOf(credentials))).toEqual(new Set(['valid']));
  });

  it('learns nothing from an issuer under a path: metadata stand where the path is inserted [VCI-12.2.2]', async () => {
    world = await createWorld({ issuer: { issuerUrl: 'http://zhonglian.localhost:4101/cards/one' } });
    operator = world.operators[0] as Operator;
    await operator.issuer.subscribers.seed(samples);
    const found = await callRoutes(operator.routes, {
      method: 'GET',
      url: 'http://zhonglian.localhost:4101/.well-known/openid-credential-issuer/cards/one',
    });
    expect(found.json().credential_issuer).toBe(operator.issuerUrl);
    expect((await receive()).credentials).toHaveLength(3);
  });
});

describe('logs', () => {
  it('hold no number, name, handle, code or token', async () => {
    const { credentials, token } = await receive();
    const { claims } = await verified(credentials[0] as string);
    await operator.issuer.subscribers.apply(id, { type: 'sim-swap', at: world.clock.seconds() });
    const log = operator.log.join('\n');
    const secrets = [samples[0]?.phoneNumber, samples[0]?.holderName.en, samples[0]?.holderName['zh-CN']];
    for (const secret of [...secrets, claims.subscription_handle, token.access_token]) {
      expect(log).not.toContain(secret);
    }
  });
});
