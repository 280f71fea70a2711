import { createHash, generateKeyPairSync } from 'node:crypto';
import { multikeyToText, type Signer, systemClock } from '@attestel/core';
import {
  createIssuerTrust,
  createStatusCache,
  createStatusList,
  issueSdJwtVc,
  PHONE_NUMBER_VCT,
  type StatusCache,
  signStatusListToken,
  validityWindow,
} from '@attestel/credentials';
import { type DidDocument, type DidResolver, formatDid } from '@attestel/did';
import { createMemoryKeyStore, type KeyStore } from '@attestel/keystore';
import type { App, Registry } from '@attestel/registry';
import { createRootCertificate, issueLeafCertificate } from '@attestel/x509';

const DAY = 86_400;
const OPERATOR_URL = 'https://operator.example';
const LIST_URI = `${OPERATOR_URL}/status-lists/1`;

/** A card and the key it is bound to, as the generator's wallet holds them. */
export interface BenchCard {
  readonly sdJwt: string;
  readonly holder: JsonWebKey;
}

export interface Consortium {
  readonly platform: {
    readonly did: string;
    readonly kid: string;
    readonly keyStore: KeyStore;
    readonly signer: Signer;
  };
  readonly registry: Registry;
  readonly resolver: DidResolver;
  readonly issuerKeys: ReturnType<typeof createIssuerTrust>;
  readonly status: StatusCache;
  readonly cards: readonly BenchCard[];
}

/** One operator with a real certificate, status list and cards; one platform; one app. */
export async function createConsortium(
  origin: string,
  cardCount: number,
  callback: string,
): Promise<Consortium> {
  const now = Math.floor(Date.now() / 1000);
  const root = await newKey('certificate-authority');
  const anchor = await createRootCertificate({
    name: 'Bench Root',
    signer: root.signer,
    notBefore: now - DAY,
    notAfter: now + 90 * DAY,
  });
  const [operator, platform] = [await newParty('operator'), await newParty('platform')];
  const x5c = [
    await issueLeafCertificate({
      issuer: { certificate: anchor, signer: root.signer },
      publicKey: operator.signer.publicKey,
      subjectName: 'Operator',
      did: operator.did,
      url: OPERATOR_URL,
      notBefore: now - DAY,
      notAfter: now + 60 * DAY,
    }),
  ];
  const documents = new Map([operator, platform].map((party) => [party.did, documentOf(party)]));
  const resolver: DidResolver = {
    resolve: async (did) => ({
      didResolutionMetadata: {},
      didDocument: documents.get(did) ?? null,
      didDocumentMetadata: {},
    }),
  };
  const registry = registryOf({ operator: operator.did, platform: platform.did, anchor, origin, callback });
  const token = await signStatusListToken({
    uri: LIST_URI,
    list: createStatusList({ size: 1 << 17, bits: 2 }),
    kid: operator.kid,
    x5c,
    signer: operator.signer,
    iat: now,
    ttl: 600,
    exp: now + 3600,
  });
  const status = createStatusCache({
    fetch: async (url) =>
      new Response(url.endsWith('/status-lists') ? JSON.stringify({ status_lists: [LIST_URI] }) : token),
    registry,
    resolver,
    clock: systemClock,
    logger: quiet,
  });
  await status.refreshNow();
  status.start();
  const cards = await Promise.all(Array.from({ length: cardCount }, (_, i) => issueCard(operator, x5c, i)));
  return {
    platform,
    registry,
    resolver,
    issuerKeys: createIssuerTrust({ resolver, registry, clock: systemClock }),
    status,
    cards,
  };
}

interface BenchParty {
  readonly did: string;
  readonly kid: string;
  readonly keyStore: KeyStore;
  readonly signer: Signer;
}

async function newKey(purpose: 'assertion' | 'certificate-authority') {
  const keyStore = createMemoryKeyStore();
  const { ref } = await keyStore.generate({ purpose, algorithm: 'ES256' });
  return { keyStore, signer: await keyStore.signer(ref) };
}

async function newParty(name: string): Promise<BenchParty> {
  const did = formatDid('bench', createHash('sha256').update(name).digest());
  return { did, kid: `${did}#key-1`, ...(await newKey('assertion')) };
}

const documentOf = ({ did, kid, signer }: BenchParty): DidDocument => ({
  '@context': ['https://www.w3.org/ns/did/v1.1'],
  id: did,
  verificationMethod: [
    { id: kid, type: 'Multikey', controller: did, publicKeyMultibase: multikeyToText(signer.publicKey) },
  ],
  assertionMethod: [kid],
});

async function issueCard(
  operator: BenchParty,
  x5c: readonly Uint8Array[],
  index: number,
): Promise<BenchCard> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const holder = privateKey.export({ format: 'jwk' }) as JsonWebKey;
  const sdJwt = await issueSdJwtVc({
    kid: operator.kid,
    x5c,
    signer: operator.signer,
    claims: {
      vct: PHONE_NUMBER_VCT,
      iss: OPERATOR_URL,
      ...validityWindow({ clock: systemClock, days: 14 }),
      status: { status_list: { idx: index, uri: LIST_URI } },
    },
    disclosable: {
      phone_number: `+86138${String(index).padStart(8, '0')}`,
      phone_number_verified: true,
      country: 'CN',
      mobile_operator: 'Bench',
      sim_unchanged_72h: true,
      subscription_handle: createHash('sha256').update(`handle ${index}`).digest('base64url'),
      porting_records: [],
      binding_changed_at: '2026-01-02',
      binding_pending: false,
    },
    cnfJwk: { kty: holder.kty, crv: holder.crv, x: holder.x, y: holder.y },
  });
  return { sdJwt, holder };
}

function registryOf(world: {
  operator: string;
  platform: string;
  anchor: Uint8Array;
  origin: string;
  callback: string;
}): Registry {
  const name = { en: 'Bench', 'zh-CN': '测试' };
  const active = { status: 'active' } as const;
  const app: App = {
    clientId: 'bench-app',
    member: world.operator,
    name,
    purpose: name,
    redirectUris: [world.callback],
    postLogoutRedirectUris: [],
    claims: ['phone_number', 'phone_number_verified'],
    authentication: 'client_secret_basic',
    jwks: null,
    secretVersion: 1,
    ...active,
  };
  const members = [
    { did: world.operator, name, roles: ['operator'], statusSince: 0, ...active },
    { did: world.platform, name, roles: ['platform'], statusSince: 0, ...active },
  ] as const;
  const issuer = {
    did: world.operator,
    issuerUrl: OPERATOR_URL,
    name,
    types: [{ vct: PHONE_NUMBER_VCT, validity: { from: 0, until: null } }],
    ...active,
  };
  const bridge = { did: world.platform, url: world.origin, member: world.platform, name, ...active };
  return {
    member: (did) => members.find((member) => member.did === did),
    members: () => members,
    issuer: (did) => (did === issuer.did ? issuer : undefined),
    issuers: () => [issuer],
    isAccredited: (did, vct) => did === issuer.did && vct === PHONE_NUMBER_VCT,
    bridge: (did) => (did === bridge.did ? bridge : undefined),
    bridges: () => [bridge],
    app: (clientId) => (clientId === app.clientId ? app : undefined),
    apps: () => [app],
    trustAnchors: () => [world.anchor],
  };
}

const quiet = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
