import { type Bytes, type Clock, multikeyToJwk, multikeyToText, type Signer, toBase58 } from '@attestel/core';
import { type IssueOptions, issueSdJwtVc, PHONE_NUMBER_VCT } from '@attestel/credentials';
import type { DidDocument, DidResolver } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import type { Issuer, Registry } from '@attestel/registry';
import { createRootCertificate, issueLeafCertificate } from '@attestel/x509';

export const NOW = 1_800_000_000;
export const DAY = 86_400;

/** A clock that tests move. */
export function testClock(
  start = NOW,
): Clock & { set(seconds: number): void; advance(seconds: number): void } {
  let now = start * 1000;
  return {
    now: () => now,
    set: (seconds) => {
      now = seconds * 1000;
    },
    advance: (seconds) => {
      now += seconds * 1000;
    },
  };
}

const keyStore = createMemoryKeyStore();
let keys = 0;

export async function newSigner(algorithm: 'ES256' | 'EdDSA' = 'ES256'): Promise<Signer> {
  const ref = `key-${keys++}`;
  await keyStore.generate({ purpose: algorithm === 'ES256' ? 'assertion' : 'ledger', algorithm, ref });
  return keyStore.signer(ref);
}

/** A DID of the right form: multihash of SHA-256 in base58btc. */
export const didOf = (i: number): string =>
  `did:mno:test:z${toBase58(Uint8Array.of(0x12, 0x20, ...new Uint8Array(32).fill(i + 1)))}`;

export interface Operator {
  readonly did: string;
  readonly url: string;
  readonly kid: string;
  readonly signer: Signer;
  readonly x5c: readonly Bytes[];
  readonly document: DidDocument;
}

export interface Consortium {
  readonly anchor: Bytes;
  readonly rootSigner: Signer;
  readonly operators: readonly Operator[];
}

export async function newConsortium(count = 2): Promise<Consortium> {
  const rootSigner = await newSigner();
  const validity = { notBefore: NOW - 100 * DAY, notAfter: NOW + 100 * DAY };
  const anchor = await createRootCertificate({ name: 'Test root', signer: rootSigner, ...validity });
  const operators = await Promise.all(
    Array.from({ length: count }, async (_, i): Promise<Operator> => {
      const did = didOf(i);
      const url = `https://op${i}.example`;
      const signer = await newSigner();
      const leaf = await issueLeafCertificate({
        issuer: { certificate: anchor, signer: rootSigner },
        publicKey: signer.publicKey,
        subjectName: `Operator ${i}`,
        did,
        url,
        ...validity,
      });
      return { did, url, kid: `${did}#key-1`, signer, x5c: [leaf], document: documentOf(did, signer) };
    }),
  );
  return { anchor, rootSigner, operators };
}

export function documentOf(did: string, signer: Signer): DidDocument {
  const id = `${did}#key-1`;
  return {
    '@context': ['https://www.w3.org/ns/did/v1.1'],
    id: did,
    verificationMethod: [
      { id, type: 'Multikey', controller: did, publicKeyMultibase: multikeyToText(signer.publicKey) },
    ],
    assertionMethod: [id],
    authentication: [id],
  };
}

/** Resolver over documents that tests may change; counts its calls. */
export function fakeResolver(operators: readonly Operator[]) {
  const documents = new Map(operators.map(({ did, document }) => [did, document]));
  const state = { calls: 0, deactivated: new Set<string>() };
  const resolver: DidResolver = {
    async resolve(did) {
      state.calls++;
      return {
        didResolutionMetadata: {},
        didDocument: documents.get(did) ?? null,
        didDocumentMetadata: state.deactivated.has(did) ? { deactivated: true } : {},
      };
    },
  };
  return { resolver, documents, state };
}

type FakeRegistry = Pick<Registry, 'issuer' | 'issuers' | 'isAccredited' | 'trustAnchors'>;

/** Registry over issuers that tests may change. */
export function fakeRegistry(
  consortium: Consortium,
): FakeRegistry & { readonly entries: Map<string, Issuer> } {
  const entries = new Map<string, Issuer>(
    consortium.operators.map(({ did, url }) => [
      did,
      {
        did,
        issuerUrl: url,
        name: { 'zh-CN': '测试', en: 'Test' },
        types: [{ vct: PHONE_NUMBER_VCT, validity: { from: NOW - 50 * DAY, until: null } }],
        status: 'active',
      },
    ]),
  );
  return {
    entries,
    issuer: (did) => entries.get(did),
    issuers: () => [...entries.values()],
    trustAnchors: () => [consortium.anchor],
    isAccredited(did, vct, at) {
      const issuer = entries.get(did);
      const type = issuer?.types.find((t) => t.vct === vct);
      if (issuer?.status !== 'active' || !type) return false;
      return type.validity.from <= at && (type.validity.until === null || at < type.validity.until);
    },
  };
}

export const CLAIMS = {
  phone_number: '+990123456789',
  phone_number_verified: true,
  country: 'ZZ',
  subscription_handle: 'A'.repeat(43),
} as const;

export async function issueTo(
  operator: Operator,
  holder: Signer,
  changes: Omit<Partial<IssueOptions>, 'claims'> & { claims?: object } = {},
): Promise<string> {
  const { claims, ...others } = changes;
  return issueSdJwtVc({
    kid: operator.kid,
    x5c: operator.x5c,
    signer: operator.signer,
    disclosable: CLAIMS,
    cnfJwk: multikeyToJwk(holder.publicKey),
    claims: {
      vct: PHONE_NUMBER_VCT,
      iss: operator.url,
      iat: Math.floor(NOW / DAY) * DAY,
      exp: Math.floor(NOW / DAY) * DAY + 14 * DAY,
      status: { status_list: { idx: 5, uri: `${operator.url}/status-lists/1` } },
      ...claims,
    },
    ...others,
  });
}

/** Code of the refusal, `accepted` where there was none. */
export const refusalOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return 'accepted';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};
