import { createHash } from 'node:crypto';
import {
  concatBytes,
  createMemoryStore,
  type Logger,
  type MemoryStoreFaults,
  multikeyToText,
  type Route,
  type Signer,
  type Store,
  systemRandom,
  toBase58,
} from '@attestel/core';
import { PHONE_NUMBER_VCT } from '@attestel/credentials';
import type { DidDocument, DidResolver } from '@attestel/did';
import { createMemoryKeyStore, type KeyStore } from '@attestel/keystore';
import type { Registry } from '@attestel/registry';
import { createRootCertificate, issueLeafCertificate } from '@attestel/x509';
import { createIssuer, type Issuer, type IssuerOptions } from '../../../src/issuer/index.ts';
import { type TestClock, testClock } from './clock.ts';

/** An operator with its keys and store; the issuer can be opened again on them. */
export interface Operator {
  readonly did: string;
  readonly kid: string;
  readonly issuerUrl: string;
  readonly keyStore: KeyStore;
  readonly signer: Signer;
  readonly store: Store;
  readonly log: string[];
  readonly routes: readonly Route[];
  readonly issuer: Issuer;
  /** As after a restart: nothing kept but store and keys. */
  reopen(): Promise<void>;
}

export interface World {
  readonly clock: TestClock;
  readonly registry: Registry;
  readonly resolver: DidResolver;
  readonly operators: readonly Operator[];
}

export interface WorldOptions {
  readonly operators?: readonly string[];
  readonly issuer?: Partial<IssuerOptions>;
  readonly faults?: MemoryStoreFaults;
}

const NOT_BEFORE = Date.UTC(2026, 0, 1) / 1000;
const NOT_AFTER = Date.UTC(2027, 0, 1) / 1000;

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const clock = testClock();
  const rootKeys = createMemoryKeyStore();
  await rootKeys.generate({ purpose: 'certificate-authority', algorithm: 'ES256', ref: 'root' });
  const rootSigner = await rootKeys.signer('root');
  const validity = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER };
  const root = await createRootCertificate({ name: 'Test root', signer: rootSigner, ...validity });
  const operators: Operator[] = [];
  const documents = new Map<string, DidDocument>();
  const resolver: DidResolver = {
    async resolve(did) {
      const didDocument = documents.get(did) ?? null;
      const error = didDocument === null ? { error: 'NOT_FOUND' as const } : {};
      return { didResolutionMetadata: error, didDocument, didDocumentMetadata: {} };
    },
  };
  const registry = fakeRegistry(() => operators, root);
  for (const name of options.operators ?? ['zhonglian']) {
    const made = await createOperator(name, {
      world: { clock, registry, resolver },
      certify: (request) =>
        issueLeafCertificate({
          issuer: { certificate: root, signer: rootSigner },
          subjectName: name,
          ...request,
          ...validity,
        }),
      options,
    });
    documents.set(made.did, documentOf(made));
    operators.push(made);
  }
  return { clock, registry, resolver, operators };
}

async function createOperator(
  name: string,
  setup: {
    world: Pick<World, 'clock' | 'registry' | 'resolver'>;
    certify: (request: { publicKey: Uint8Array; did: string; url: string }) => Promise<Uint8Array>;
    options: WorldOptions;
  },
): Promise<Operator> {
  const keyStore = createMemoryKeyStore();
  await keyStore.generate({ purpose: 'assertion', algorithm: 'ES256', ref: 'key-1' });
  const signer = await keyStore.signer('key-1');
  const did = didOf(name);
  const issuerUrl = setup.options.issuer?.issuerUrl ?? `http://${name}.localhost:4101`;
  const store = createMemoryStore(setup.options.faults);
  const log: string[] = [];
  const x5c = [await setup.certify({ publicKey: signer.publicKey, did, url: issuerUrl })];
  const open = () =>
    createIssuer({
      issuerUrl,
      party: { did, kid: `${did}#key-1`, x5c, name: { 'zh-CN': `${name}电信`, en: name } },
      signer,
      keyStore,
      store,
      ...setup.world,
      random: systemRandom,
      logger: recordingLogger(log),
      authenticate: async (request) => ({ did: request.headers['x-test-party'] ?? did }),
      walletUrl: 'http://wallet.localhost:4120',
      demo: true,
      statusListSize: 1024,
      ...setup.options.issuer,
    });
  let issuer = await open();
  return {
    did,
    kid: `${did}#key-1`,
    issuerUrl,
    keyStore,
    signer,
    store,
    log,
    get routes() {
      return issuer.routes;
    },
    get issuer() {
      return issuer;
    },
    async reopen() {
      issuer.stop();
      issuer = await open();
    },
  };
}

/** A DID of the right form; nothing here looks at what it hashes. */
export const didOf = (name: string): string => {
  const hash = createHash('sha256').update(name).digest();
  return `did:mno:test:z${toBase58(concatBytes(Uint8Array.of(0x12, 0x20), hash))}`;
};

const documentOf = (operator: Operator): DidDocument => ({
  '@context': ['https://www.w3.org/ns/did/v1.1'],
  id: operator.did,
  verificationMethod: [
    {
      id: operator.kid,
      type: 'Multikey',
      controller: operator.did,
      publicKeyMultibase: multikeyToText(operator.signer.publicKey),
    },
  ],
  assertionMethod: [operator.kid],
  authentication: [operator.kid],
});

function fakeRegistry(operators: () => readonly Operator[], root: Uint8Array): Registry {
  const name = { 'zh-CN': '甲', en: 'A' };
  const members = () =>
    operators().map(({ did }) => ({
      did,
      name,
      roles: ['operator' as const],
      status: 'active' as const,
      statusSince: 0,
    }));
  const issuers = () =>
    operators().map(({ did, issuerUrl }) => ({
      did,
      issuerUrl,
      name,
      types: [{ vct: PHONE_NUMBER_VCT, validity: { from: 0, until: null } }],
      status: 'active' as const,
    }));
  return {
    member: (did) => members().find((member) => member.did === did),
    members,
    issuer: (did) => issuers().find((issuer) => issuer.did === did),
    issuers,
    isAccredited: (did, vct) =>
      issuers().some((issuer) => issuer.did === did && issuer.types.some((type) => type.vct === vct)),
    bridge: () => undefined,
    bridges: () => [],
    app: () => undefined,
    apps: () => [],
    trustAnchors: () => [root],
  };
}

function recordingLogger(log: string[]): Logger {
  const write =
    (level: string): Logger['info'] =>
    (event, fields) =>
      void log.push(JSON.stringify({ level, event, ...fields }));
  const logger: Logger = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => logger,
  };
  return logger;
}
