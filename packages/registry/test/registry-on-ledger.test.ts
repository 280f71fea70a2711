import { createMemoryStore, type Signer, silentLogger, systemRandom, unixSeconds } from '@attestel/core';
import { actorKeys, buildDeactivate, createOrganisation, didModule } from '@attestel/did';
import { createMemoryKeyStore, type KeyStore } from '@attestel/keystore';
import { type Ledger, type Operation, openLedger } from '@attestel/ledger';
import { buildRegistryOperation, createRegistry, registryModule } from '@attestel/registry';
import { beforeAll, describe, expect, it } from 'vitest';
import { appBody, bridgeBody, issuerBody, named, VCT } from './fake-ledger.ts';

const clock = { now: () => 1_800_000_000_000 };
const notAfter = unixSeconds(clock) + 3600;

interface Organisation {
  readonly did: string;
  readonly create: Operation;
  readonly signer: Signer;
  readonly nextControl: Signer;
}

let ledgers = 0;
let keyStore: KeyStore;
let a: Organisation;
let b: Organisation;
let c: Organisation;
let stranger: Organisation;

async function organisation(prefix: string): Promise<Organisation> {
  const request = { keyStore, network: 'test', prefix, random: systemRandom, notAfter };
  const { did, operation, refs } = await createOrganisation(request);
  const signer = await keyStore.signer(refs.ledger);
  return { did, create: operation, signer, nextControl: await keyStore.signer(refs.nextControl) };
}

const operation = (
  kind: string,
  body: Parameters<typeof buildRegistryOperation>[0]['body'],
  by: readonly Organisation[],
  sequence: number,
): Promise<Operation> =>
  buildRegistryOperation({
    kind,
    body,
    actor: by[0]?.did ?? '',
    sequence,
    network: 'test',
    notAfter,
    signers: by.map((party) => party.signer),
  });

async function genesisOf(signers: readonly Organisation[]): Promise<Operation[]> {
  const founders = [a, b, c].map(({ did }) => ({ did, name: named('Operator'), roles: ['operator'] }));
  const body = { founders, admissionThreshold: 2, accreditationThreshold: 2, trustAnchors: [] };
  return [a.create, b.create, c.create, await operation('genesis', body, signers, 0)];
}

async function open(genesis: readonly Operation[], store = createMemoryStore()): Promise<Ledger> {
  const ref = `checkpoint-${ledgers++}`;
  await keyStore.generate({ purpose: 'checkpoint', algorithm: 'EdDSA', ref });
  return openLedger({
    network: 'test',
    origin: 'ledger.test/log',
    store,
    modules: [didModule, registryModule],
    actorKeys,
    signer: await keyStore.signer(ref),
    clock,
    logger: silentLogger,
    genesis,
  });
}

async function submit(
  ledger: Ledger,
  kind: string,
  body: Parameters<typeof operation>[1],
  by: Organisation[],
) {
  const sequence = ledger.sequence('registry', by[0]?.did ?? '');
  const [result] = await ledger.submit([await operation(kind, body, by, sequence)]);
  return result?.ok ? 'accepted' : result?.error.code;
}

beforeAll(async () => {
  keyStore = createMemoryKeyStore();
  [a, b, c, stranger] = [
    await organisation('a'),
    await organisation('b'),
    await organisation('c'),
    await organisation('stranger'),
  ];
});

describe('registry on the ledger', () => {
  it('is founded in block 1 by operations every founder signed with its ledger key', async () => {
    const ledger = await open(await genesisOf([a, b, c]));
    expect(
      createRegistry(ledger)
        .members()
        .map((m) => m.did)
        .sort(),
    ).toEqual([a.did, b.did, c.did].sort());
    expect(ledger.head().height).toBe(1);
    await ledger.close();
  });

  it('does not open when a founder has not signed', async () => {
    await expect(open(await genesisOf([a, b]))).rejects.toMatchObject({ code: 'genesis_refused' });
  });

  it('accredits with two real signatures, and not with one or with a stranger beside it', async () => {
    const ledger = await open(await genesisOf([a, b, c]));
    const registry = createRegistry(ledger);
    const body = issuerBody(a.did, { issuerUrl: 'https://a.example' });
    expect(await submit(ledger, 'issuer.accredit', body, [a])).toBe('registry_votes_missing');
    expect(await submit(ledger, 'issuer.accredit', body, [a, stranger])).toBe('registry_votes_missing');
    expect(registry.isAccredited(a.did, VCT, 2000)).toBe(false);
    expect(await submit(ledger, 'issuer.accredit', body, [a, b])).toBe('accepted');
    expect(registry.isAccredited(a.did, VCT, 2000)).toBe(true);
    expect(await submit(ledger, 'issuer.suspend', { did: a.did }, [b, c])).toBe('accepted');
    expect(registry.isAccredited(a.did, VCT, 2000)).toBe(false);
    await ledger.close();
  });

  it('admits a member whose DID is on the ledger, and only then', async () => {
    const ledger = await open(await genesisOf([a, b, c]));
    const body = { did: stranger.did, name: named('New'), roles: ['platform'] };
    const by = [a, b, stranger];
    expect(await submit(ledger, 'member.admit', body, by)).toBe('registry_subject_unsigned');
    expect((await ledger.submit([stranger.create]))[0]?.ok).toBe(true);
    expect(await submit(ledger, 'member.admit', body, by)).toBe('accepted');
    const url = 'https://bridge.example';
    const bridge = bridgeBody(stranger.did, { url, member: stranger.did });
    expect(await submit(ledger, 'bridge.accredit', bridge, [a, b])).toBe('registry_subject_unsigned');
    expect(await submit(ledger, 'bridge.accredit', bridge, [a, b, stranger])).toBe('accepted');
    const app = appBody('shop', { member: stranger.did });
    expect(await submit(ledger, 'app.register', app, [stranger])).toBe('accepted');
    expect(createRegistry(ledger).app('shop')?.status).toBe('active');
    expect(createRegistry(ledger).bridge(stranger.did)?.url).toBe(url);
    await ledger.close();
  });

  it('stops counting a member whose DID is deactivated', async () => {
    const ledger = await open(await genesisOf([a, b, c]));
    const registry = createRegistry(ledger);
    const issuer = issuerBody(c.did, { issuerUrl: 'https://c.example' });
    expect(await submit(ledger, 'issuer.accredit', issuer, [a, b])).toBe('accepted');
    const app = appBody('shop', { member: c.did });
    expect(await submit(ledger, 'app.register', app, [c])).toBe('accepted');
    const end = { did: c.did, previous: c.create.id, controlKeys: [c.nextControl], notAfter };
    expect((await ledger.submit([await buildDeactivate(end)]))[0]?.ok).toBe(true);
    expect(registry.member(c.did)).toMatchObject({ status: 'suspended', statusSince: ledger.head().time });
    expect(registry.isAccredited(c.did, VCT, 2000)).toBe(false);
    expect(registry.app('shop')?.status).toBe('suspended');
    expect(await submit(ledger, 'member.leave', {}, [a])).toBe('registry_threshold');
    await ledger.close();
  });

  it('refuses an unknown field before anything is signed', async () => {
    await expect(operation('member.leave', { why: 'x' }, [a], 0)).rejects.toMatchObject({
      code: 'registry_body_invalid',
      field: '/why',
    });
  });
});
