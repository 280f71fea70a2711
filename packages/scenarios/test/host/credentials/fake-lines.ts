import {
  type Bytes,
  type CborValue,
  createMemoryStore,
  multikeyToText,
  type Signer,
  systemRandom,
  toBase58,
  toHex,
} from '@attestel/core';
import type { DidDocument, DidResolver } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import type { StateReader } from '@attestel/ledger';
import { refOf } from '@attestel/registry';
import { openCredentials } from '../../../src/host/credentials/open-credentials.ts';
import type { Credentials, CredentialTypes, Vault } from '../../../src/host/ports.ts';

export const NOW = 1_800_000_000;

const keyStore = createMemoryKeyStore();
let made = 0;

export interface Party {
  readonly did: string;
  readonly kid: string;
  readonly signer: Signer;
  readonly document: DidDocument;
}

/** An organisation with one key for everything. */
export async function newParty(): Promise<Party> {
  made += 1;
  const did = `did:mno:test:z${toBase58(Uint8Array.of(0x12, 0x20, ...new Uint8Array(32).fill(made)))}`;
  const kid = `${did}#key-1`;
  await keyStore.generate({ purpose: 'assertion', algorithm: 'ES256', ref: `party-${made}` });
  const signer = await keyStore.signer(`party-${made}`);
  const publicKeyMultibase = multikeyToText(signer.publicKey);
  const document: DidDocument = {
    '@context': ['https://www.w3.org/ns/did/v1.1'],
    id: did,
    verificationMethod: [{ id: kid, type: 'Multikey', controller: did, publicKeyMultibase }],
    authentication: [kid],
    assertionMethod: [kid],
  };
  return { did, kid, signer, document };
}

export function resolverOf(documents: Map<string, DidDocument>): DidResolver {
  return {
    resolve: async (did) => ({
      didResolutionMetadata: {},
      didDocument: documents.get(did) ?? null,
      didDocumentMetadata: {},
    }),
  };
}

/** Keys in memory: sealing is for the tests of the vault. */
export function fakeVault(): Vault {
  const names = new Set<string>();
  const known = (name: string, bytes: Bytes): Bytes => {
    if (!names.has(name)) throw new TypeError('vault: no such key');
    return Uint8Array.from(bytes, (byte) => byte ^ 0x5a);
  };
  return {
    has: (name) => names.has(name),
    make: async (more) => more.forEach((name) => void names.add(name)),
    seal: known,
    open: known,
    mac: known,
    destroy: async (gone) => gone.forEach((name) => void names.delete(name)),
  };
}

/** As much of a ledger as credentials look at: one line an entry of the log. */
export class FakeLines {
  time = NOW;
  readonly #states = new Map<string, Map<string, CborValue>>();
  readonly #log: string[] = [];

  state = (module: string): StateReader => {
    const entries = this.#states.get(module) ?? new Map<string, CborValue>();
    return {
      get: (key) => entries.get(key),
      list: (prefix) =>
        [...entries].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)),
      find: () => undefined,
    };
  };

  indexOf = (id: Bytes): number | undefined => {
    const at = this.#log.indexOf(toHex(id));
    return at < 0 ? undefined : at;
  };

  head = () => ({ height: this.#log.length, time: this.time, size: this.#log.length }) as never;

  put(module: string, key: string, value: CborValue): void {
    const entries = this.#states.get(module) ?? new Map<string, CborValue>();
    this.#states.set(module, entries.set(key, value));
  }

  openChannel(name: string, governors: readonly string[]): void {
    const validity = { from: 0, until: null };
    this.put('channel', `channel/${name}`, {
      name,
      governors,
      threshold: 1,
      read: 'members',
      shared: [],
      validity,
    });
  }

  admit(did: string, status: string): void {
    this.put('did', `head/${did}`, { updated: 0, ledgerKeys: [['ledger-1', new Uint8Array(33)]] });
    this.put('registry', `member/${did}`, {
      did,
      name: { 'zh-CN': '测', en: 't' },
      roles: ['operator'],
      status,
      statusSince: 0,
    });
  }

  /** The next line of an object, at its own place in the log. */
  line(channel: string, ref: Bytes, actor: string, moduleDigest: Bytes | null = new Uint8Array(32)): string {
    const id = systemRandom.bytes(32);
    const height = this.#log.push(toHex(id));
    const key = `${channel}|of|${toHex(ref)}`;
    const number = [...this.state('event').list(key)].length + 1;
    this.put('event', `${key}|${String(number).padStart(10, '0')}`, id);
    const line = { actor, height, time: this.time, moduleDigest, digest: new Uint8Array(32), batch: null };
    this.put('event', `${channel}|line|${toHex(id)}`, { ...line, refs: [ref], resolved: [] });
    return toHex(id);
  }
}

export interface Desk {
  readonly party: Party;
  readonly credentials: Credentials;
  readonly store: ReturnType<typeof createMemoryStore>;
  readonly vault: Vault;
}

/** Parties over one ledger, each with what it keeps. */
export function world(types: CredentialTypes) {
  const lines = new FakeLines();
  const documents = new Map<string, DidDocument>();
  const names = new Map<string, string>();
  const clock = { now: () => lines.time * 1000 };
  const resolver = resolverOf(documents);
  const desk = async (party: Party): Promise<Desk> => {
    documents.set(party.did, party.document);
    const [store, vault] = [createMemoryStore(), fakeVault()];
    const credentials = await openCredentials({
      ...{ ledger: lines, store, vault, resolver, clock, party, types },
      nameOfModule: (digest) => names.get(digest),
      blindModuleOf: (line) => names.get(line),
      keyNameOf: (line) => `p/${line}`,
    });
    return { party, credentials, store, vault };
  };
  /** Issues as a host does: signed, then a line, then kept by those that got the payload. */
  const give = async (
    from: Desk,
    grant: {
      channel?: string;
      type: string;
      subject: string;
      claims: { [claim: string]: never };
      until?: number;
      digest?: Bytes | null;
    },
    ...keepers: readonly Desk[]
  ) => {
    const { channel = 'gd', digest, until = null, ...rest } = grant;
    const ref = refOf('host.credential', systemRandom.bytes(16));
    const jwt = await from.credentials.issue({ ...rest, channel, ref, from: lines.time, until });
    const line = lines.line(channel, ref, from.party.did, digest);
    for (const one of keepers)
      await one.store.transact((writer) => one.credentials.keep(writer, channel, [jwt]));
    return { jwt, ref, line, revoke: () => lines.line(channel, ref, from.party.did) };
  };
  const now = (channel = 'gd') => ({
    channel,
    moment: { index: (lines.head() as { size: number }).size, time: lines.time },
    types,
  });
  return { lines, documents, names, desk, give, now };
}
