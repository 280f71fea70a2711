import { createMemoryStore, type HttpRequest, isAppError, silentLogger } from '@attestel/core';
import { actorKeys, createOrganisation, didModule } from '@attestel/did';
import { createLedgerTrust } from '@attestel/did/verify';
import { createMemoryKeyStore } from '@attestel/keystore';
import { type Ledger, openLedger, proofCrypto, witnessVerifierKey } from '@attestel/ledger';
import { createPolicy, formatPolicy } from '@attestel/proof';
import { buildRegistryOperation, createRegistry, registryModule, registryRoutes } from '@attestel/registry';
import { createRegistryClient } from '@attestel/registry/client';
import { afterAll, expect, it, test } from 'vitest';

const NOW = 1_800_000_000;
const ENDPOINT = 'https://node.example';
const VCT = 'urn:test:card';
const clock = { now: () => NOW * 1000 };
const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
const name = (text: string) => ({ en: text, 'zh-CN': text });

/** A registry with an operator that issues and a platform that runs a bridge and vouches for an app. */
async function openWorld() {
  const keyStore = createMemoryKeyStore();
  await keyStore.generate({ ref: 'log', purpose: 'checkpoint', algorithm: 'EdDSA' });
  await keyStore.generate({ ref: 'witness', purpose: 'checkpoint', algorithm: 'EdDSA' });
  const signer = await keyStore.signer('witness');
  const witness = { name: 'ledger.example/own', signer, clock };
  const draft = {
    origin: 'ledger.example/test',
    logs: [],
    witnesses: [{ name: 'own', keyName: witness.name, publicKey: witnessVerifierKey(witness).publicKey }],
    groups: [],
    quorum: 'own',
  };
  const policy = createPolicy(draft, proofCrypto.sha256);
  const member = async (prefix: string) =>
    createOrganisation({ keyStore, network: 'test', prefix, services: [], random, notAfter: NOW + 600 });
  const [operator, platform] = [await member('operator'), await member('platform')];
  const signers = [await keyStore.signer(operator.refs.ledger), await keyStore.signer(platform.refs.ledger)];
  const operation = (kind: string, actor: string, sequence: number, body: object) =>
    buildRegistryOperation({
      kind,
      body: { ...body },
      actor,
      sequence,
      network: 'test',
      notAfter: NOW + 600,
      signers,
    });
  const genesis = {
    founders: [
      { did: operator.did, name: name('Operator'), roles: ['operator'] },
      { did: platform.did, name: name('Platform'), roles: ['platform', 'bridge', 'app'] },
    ],
    admissionThreshold: 1,
    accreditationThreshold: 1,
    trustAnchors: [],
  };
  const ledger = await openLedger({
    network: 'test',
    origin: policy.origin,
    store: createMemoryStore(),
    modules: [didModule, registryModule],
    actorKeys,
    signer: await keyStore.signer('log'),
    witness,
    policy,
    clock,
    logger: silentLogger,
    genesis: [operator.operation, platform.operation, await operation('genesis', operator.did, 0, genesis)],
    collectMilliseconds: 0,
  });
  const change = async (kind: string, body: object) => {
    const actor = platform.did;
    const [result] = await ledger.submit([
      await operation(kind, actor, ledger.sequence('registry', actor), body),
    ]);
    if (!result?.ok) throw result?.error;
  };
  const validity = { from: NOW - 60, until: null };
  await change('issuer.accredit', {
    did: operator.did,
    issuerUrl: 'https://operator.example',
    name: name('Operator'),
    types: [{ vct: VCT, validity }],
  });
  await change('bridge.accredit', {
    did: platform.did,
    url: 'https://bridge.example',
    member: platform.did,
    name: name('Bridge'),
  });
  await change('app.register', {
    clientId: 'shop',
    member: platform.did,
    name: name('Shop'),
    purpose: name('Sign in'),
    redirectUris: ['https://shop.example/back'],
    postLogoutRedirectUris: [],
    claims: [],
    authentication: 'none',
    jwks: null,
    secretVersion: 1,
  });
  return { ledger, operator: operator.did, platform: platform.did, policy: formatPolicy(policy), change };
}

const world = await openWorld();
const { ledger, operator, platform } = world;
afterAll(() => ledger.close());

/** The node, with something changed in what it sends. */
type Change = (response: { status: number; headers: Record<string, string>; body: string }) => void;
const served = (source: Ledger, change: Change = () => undefined): typeof fetch => {
  const routes = registryRoutes(createRegistry(source), { proofs: source.proofs });
  return async (input) => {
    const url = new URL(String(input));
    const [, , , kind, id] = url.pathname.split('/');
    if (kind === 'checkpoints') {
      const note = source.proofs.checkpoint(new Uint8Array(Buffer.from(id ?? '', 'hex')));
      return new Response(note, { status: note ? 200 : 404 });
    }
    const route = routes.find(({ path }) => path === `/v1/registry/${kind}${id ? '/:id' : ''}`);
    const request = { url, params: { id: decodeURIComponent(id ?? '') } } as unknown as HttpRequest;
    const answer = await route?.handle(request);
    const response = {
      status: answer?.status ?? 500,
      headers: { ...answer?.headers } as Record<string, string>,
      body: String(answer?.body),
    };
    change(response);
    return new Response(response.body, response);
  };
};

const clientOf = (fetch: typeof globalThis.fetch, policy = world.policy, now = NOW) =>
  createRegistryClient({
    endpoint: ENDPOINT,
    fetch,
    trust: createLedgerTrust({ policy, now: () => now, crypto: proofCrypto }),
  });

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    return (await work()) === undefined ? 'undefined' : 'found';
  } catch (error) {
    if (isAppError(error)) return `${error.kind} ${error.code}`;
    throw error;
  }
}

it('reads records from their receipts, whatever the JSON beside them says', async () => {
  const lying = served(ledger, (response) => {
    response.body = response.body.replaceAll('example', 'evil');
  });
  const client = clientOf(lying);
  expect(await client.issuer(operator)).toMatchObject({ issuerUrl: 'https://operator.example' });
  expect(await client.bridge(platform)).toMatchObject({ url: 'https://bridge.example' });
  expect(await client.app('shop')).toMatchObject({ redirectUris: ['https://shop.example/back'] });
  expect(await client.member(operator)).toMatchObject({ roles: ['operator'], status: 'active' });
  expect(await client.issuers()).toMatchObject([{ issuerUrl: 'https://operator.example' }]);
});

it('says the same as without a policy', async () => {
  const proven = clientOf(served(ledger));
  const plain = createRegistryClient({ endpoint: ENDPOINT, fetch: served(ledger) });
  expect(await proven.issuer(operator)).toEqual(await plain.issuer(operator));
  expect(await proven.bridge(platform)).toEqual(await plain.bridge(platform));
  expect(await proven.app('shop')).toEqual(await plain.app('shop'));
  expect(await proven.member(platform)).toEqual(await plain.member(platform));
});

it('believes that a record is not there only with a proof', async () => {
  expect(await codeOf(() => clientOf(served(ledger)).app('nobody'))).toBe('undefined');
  const hiding = served(ledger, (response) => {
    response.status = 404;
    response.body = '{}';
  });
  expect(await codeOf(() => clientOf(hiding).app('shop'))).toBe('found');
});

const receiptsOf = async (path: string): Promise<string[]> =>
  ((await served(ledger)(`${ENDPOINT}/v1/registry/${path}`)).headers.get('attestel-receipt') ?? '').split(
    ', ',
  );
const app = await receiptsOf('apps/shop');
const absent = await receiptsOf('apps/nobody');
const withReceipts = (receipts: readonly string[]) =>
  clientOf(
    served(ledger, ({ headers }) => {
      headers['attestel-receipt'] = receipts.join(', ');
    }),
  );

const shortened = (text: string): string =>
  Buffer.from(text, 'base64url').subarray(0, -1).toString('base64url');

test.each<readonly [string, string, () => Promise<unknown>]>([
  [
    'an answer without receipts',
    'proof_missing',
    () => clientOf(served(ledger, ({ headers }) => void delete headers['attestel-receipt'])).app('shop'),
  ],
  ['the absence of another record', 'receipt_wrong_subject', () => withReceipts(absent).app('shop')],
  ['the receipts of another record', 'receipt_wrong_subject', () => withReceipts(app).app('stall')],
  [
    'an app without the member that vouches for it',
    'proof_incomplete',
    () => withReceipts(app.slice(0, 1)).app('shop'),
  ],
  ['a member without its DID', 'proof_incomplete', () => withReceipts(app.slice(0, 2)).app('shop')],
  ['a receipt cut short', 'receipt_truncated', () => withReceipts([shortened(app[0] ?? '')]).app('shop')],
  ['what is no receipt', 'proof_malformed', () => withReceipts(['???']).app('shop')],
  [
    'an old checkpoint',
    'checkpoint_stale',
    () => clientOf(served(ledger), world.policy, NOW + 301).app('shop'),
  ],
  [
    'another ledger',
    'checkpoint_wrong_origin',
    () => clientOf(served(ledger), world.policy.replace('ledger.example/test', 'other.example')).app('shop'),
  ],
])('refuses %s', async (_, code, attempt) => {
  expect(await codeOf(attempt)).toBe(`proof-failed ${code}`);
});

test.each(['receipt=all', 'receipt=path&receipt=path', 'from=1'])('?%s is refused', async (query) => {
  await expect(served(ledger)(`${ENDPOINT}/v1/registry/apps/shop?${query}`)).rejects.toMatchObject({
    code: 'registry_query_invalid',
  });
});

it('gives no receipts when told so, and the checkpoint with the first in full form', async () => {
  expect(await receiptsOf('apps/shop?receipt=none')).toEqual(['']);
  const [first = '', second = ''] = await receiptsOf('apps/shop?receipt=full');
  expect(Buffer.from(first, 'base64url')[2]).toBe(1);
  expect(Buffer.from(second, 'base64url')[2]).toBe(0);
});

it('shows at once that a member was suspended, also for what it vouches for', async () => {
  await world.change('app.suspend', { clientId: 'shop' });
  expect(await codeOf(() => clientOf(served(ledger)).app('shop'))).toBe('undefined');
});
