import { createHash } from 'node:crypto';
import {
  type Bytes,
  type Clock,
  type JsonValue,
  multikeyToJwk,
  multikeyToText,
  type Signer,
  systemClock,
  toBase64url,
} from '@attestel/core';
import {
  type CredentialStatus,
  createIssuerTrust,
  createPortingRecord,
  type IssuerKeys,
  issueSdJwtVc,
  PHONE_NUMBER_VCT,
  validityWindow,
} from '@attestel/credentials';
import { type DidDocument, type DidResolver, formatDid } from '@attestel/did';
import { createMemoryKeyStore, type KeyStore } from '@attestel/keystore';
import type { App, Bridge, Issuer, Member, Registry } from '@attestel/registry';
import { createRootCertificate, issueLeafCertificate } from '@attestel/x509';

/** A clock that tests move. */
export interface TestClock extends Clock {
  advance(seconds: number): void;
}

export function createTestClock(): TestClock {
  let offset = 0;
  return {
    now: () => systemClock.now() + offset,
    advance(seconds) {
      offset += seconds * 1000;
    },
  };
}

export interface Party {
  readonly did: string;
  readonly kid: string;
  readonly keyStore: KeyStore;
  readonly signer: Signer;
  readonly x5c: readonly Bytes[];
  readonly url: string;
}

/** A registry, resolver and status lists that tests change at will. */
export interface Consortium {
  readonly clock: TestClock;
  readonly registry: Registry;
  readonly resolver: DidResolver;
  readonly issuerKeys: IssuerKeys;
  readonly status: { status(uri: string, idx: number): CredentialStatus };
  readonly members: Map<string, Member>;
  readonly issuers: Map<string, Issuer>;
  readonly bridges: Map<string, Bridge>;
  readonly apps: Map<string, App>;
  setStatus(card: Card, status: CredentialStatus): void;
  addParty(
    name: string,
    role: 'operator' | 'platform',
    options?: { readonly accredited?: boolean; readonly url?: string },
  ): Promise<Party>;
}

export interface Card {
  readonly sdJwt: string;
  readonly holder: Signer;
  readonly status: { readonly uri: string; readonly idx: number };
}

const DAY = 86_400;

export async function createConsortium(clock = createTestClock()): Promise<Consortium> {
  const rootKeys = createMemoryKeyStore();
  const root = await newSigner(rootKeys, 'certificate-authority');
  const now = Math.floor(clock.now() / 1000);
  const rootCertificate = await createRootCertificate({
    name: 'Test Root',
    signer: root,
    notBefore: now - DAY,
    notAfter: now + 400 * DAY,
  });
  const members = new Map<string, Member>();
  const issuers = new Map<string, Issuer>();
  const bridges = new Map<string, Bridge>();
  const apps = new Map<string, App>();
  const documents = new Map<string, DidDocument>();
  const statuses = new Map<string, CredentialStatus>();
  const registry: Registry = {
    member: (did) => members.get(did),
    members: () => [...members.values()],
    issuer: (did) => issuers.get(did),
    issuers: () => [...issuers.values()],
    isAccredited(did, vct, at) {
      const issuer = issuers.get(did);
      const type = issuer?.types.find((t) => t.vct === vct);
      if (!type || issuer?.status !== 'active' || members.get(did)?.status !== 'active') return false;
      return at >= type.validity.from && (type.validity.until === null || at < type.validity.until);
    },
    bridge: (did) => bridges.get(did),
    bridges: () => [...bridges.values()],
    app: (clientId) => apps.get(clientId),
    apps: () => [...apps.values()],
    trustAnchors: () => [rootCertificate],
  };
  const resolver: DidResolver = {
    resolve: async (did) => ({
      didResolutionMetadata: {},
      didDocument: documents.get(did) ?? null,
      didDocumentMetadata: {},
    }),
  };
  return {
    clock,
    registry,
    resolver,
    issuerKeys: createIssuerTrust({ resolver, registry, clock, cacheSeconds: 0 }),
    status: { status: (uri, idx) => statuses.get(`${uri}#${idx}`) ?? 'valid' },
    members,
    issuers,
    bridges,
    apps,
    setStatus: (card, status) => void statuses.set(`${card.status.uri}#${card.status.idx}`, status),
    async addParty(name, role, { accredited = true, url = `https://${name.toLowerCase()}.example` } = {}) {
      const keyStore = createMemoryKeyStore();
      const signer = await newSigner(keyStore, 'assertion');
      const did = formatDid('test', createHash('sha256').update(name).digest());
      const kid = `${did}#key-1`;
      documents.set(did, documentOf(did, kid, signer));
      const title = { en: `${name} Telecom`, 'zh-CN': `${name}电信` };
      members.set(did, { did, name: title, roles: [role], status: 'active', statusSince: 0 });
      if (role === 'operator' && accredited) {
        const validity = { from: 0, until: null };
        issuers.set(did, {
          did,
          issuerUrl: url,
          name: title,
          types: [{ vct: PHONE_NUMBER_VCT, validity }],
          status: 'active',
        });
      }
      const leaf = await issueLeafCertificate({
        issuer: { certificate: rootCertificate, signer: root },
        publicKey: signer.publicKey,
        subjectName: name,
        did,
        url,
        notBefore: now - DAY,
        notAfter: now + 300 * DAY,
      });
      return { did, kid, keyStore, signer, x5c: [leaf], url };
    },
  };
}

const documentOf = (did: string, kid: string, signer: Signer): DidDocument => ({
  '@context': ['https://www.w3.org/ns/did/v1.1'],
  id: did,
  verificationMethod: [
    { id: kid, type: 'Multikey', controller: did, publicKeyMultibase: multikeyToText(signer.publicKey) },
  ],
  assertionMethod: [kid],
  authentication: [kid],
});

async function newSigner(keyStore: KeyStore, purpose: 'assertion' | 'certificate-authority' | 'holder') {
  const { ref } = await keyStore.generate({ purpose, algorithm: 'ES256' });
  return keyStore.signer(ref);
}

export const newHandle = (): string => toBase64url(crypto.getRandomValues(new Uint8Array(32)));

export interface CardRequest {
  readonly handle?: string;
  readonly claims?: Readonly<Record<string, JsonValue>>;
  readonly vct?: string;
  readonly days?: number;
}

let nextIndex = 1;

/** A phone card as an operator issues it. */
export async function issueCard(operator: Party, clock: Clock, request: CardRequest = {}): Promise<Card> {
  const holder = await newSigner(createMemoryKeyStore(), 'holder');
  const status = { uri: `${operator.url}/status-lists/1`, idx: nextIndex++ };
  const sdJwt = await issueSdJwtVc({
    kid: operator.kid,
    x5c: operator.x5c,
    signer: operator.signer,
    claims: {
      vct: request.vct ?? PHONE_NUMBER_VCT,
      iss: operator.url,
      ...validityWindow({ clock, days: request.days ?? 14 }),
      status: { status_list: status },
    },
    disclosable: {
      phone_number: '+8613800001111',
      phone_number_verified: true,
      country: 'CN',
      mobile_operator: 'Test Telecom',
      sim_unchanged_72h: true,
      sim_unchanged_30d: true,
      tenure_over_1y: true,
      binding_changed_at: '2026-01-02',
      binding_pending: false,
      subscription_handle: request.handle ?? newHandle(),
      porting_records: [],
      ...request.claims,
    },
    cnfJwk: multikeyToJwk(holder.publicKey),
  });
  return { sdJwt, holder, status };
}

export const portingRecord = (
  from: Party,
  to: Party,
  handle: string,
  clock: Clock,
  secondsAgo = 60,
): Promise<string> =>
  createPortingRecord({
    handle,
    from: from.did,
    to: to.did,
    at: Math.floor(clock.now() / 1000) - secondsAgo,
    kid: from.kid,
    signer: from.signer,
  });
