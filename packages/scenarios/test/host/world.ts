import {
  type AppError,
  type Bytes,
  createMemoryStore,
  type JsonValue,
  type MemoryStoreFaults,
  type Store,
  silentLogger,
  systemRandom,
} from '@attestel/core';
import { createMemoryKeyStore } from '@attestel/keystore';
import type { Decider } from '@attestel/registry';
import {
  type Consortium,
  clock,
  type Organisation,
  openConsortium,
  organisation,
} from '../../../registry/test/consortium.ts';
import { ALWAYS, openBody } from '../../../registry/test/fake-channels.ts';
import type { RunRequest } from '../../src/host/commands/run-contract-command.ts';
import type { ContractHost } from '../../src/host/create-contract-host.ts';
import { createContractHost } from '../../src/host/create-contract-host.ts';
import type { ContractHostOptions } from '../../src/host/host-parts.ts';
import type { Credentials, Vault } from '../../src/host/ports.ts';
import type { ReadRequest } from '../../src/host/queries/read-objects.ts';
import type { KeyDisk } from '../../src/host/vault/key-disk.ts';
import { openKeyFile } from '../../src/host/vault/open-key-file.ts';
import type { JsonObject, Module } from '../../src/module/module.ts';
import { toyModule } from './toy-module.ts';

export const CHANNEL = 'gd';

/** A key file in memory, with the crash of a disk before or after a write. */
export function memoryDisk(faults: { before?(): void; after?(): void } = {}): KeyDisk {
  let file: Bytes | undefined;
  const write = (next: () => Bytes): void => {
    faults.before?.();
    file = next();
    faults.after?.();
  };
  return {
    read: async () => file && new Uint8Array(file),
    append: async (bytes) => write(() => new Uint8Array([...(file ?? []), ...bytes])),
    replace: async (bytes) => write(() => new Uint8Array(bytes)),
  };
}

/** Credentials as plain JSON: what they prove is for the tests of credentials. */
export function fakeCredentials(held: readonly JsonValue[] = []): Credentials {
  return {
    presentedFor: async () => held.map((one) => JSON.stringify(one)),
    verify: async (jwts) => jwts.map((jwt) => ({ ...(JSON.parse(jwt) as object), jwt }) as never),
    issue: async ({ type, subject, claims }) => JSON.stringify({ type, subject, claims, issuer: 'issuer' }),
    keep() {},
  };
}

export interface Node {
  readonly organisation: Organisation;
  readonly store: Store;
  readonly disk: KeyDisk;
  host: ContractHost;
  vault(): Vault;
  /** Opens the host anew over the same store and key file, as after a crash. */
  reopen(): Promise<void>;
  /** Runs what waits for its time, until nothing does. */
  settle(): Promise<void>;
}

export interface NodeOptions {
  readonly modules?: readonly Module[];
  readonly credentials?: Credentials;
  readonly storeFaults?: MemoryStoreFaults;
  readonly diskFaults?: { before?(): void; after?(): void };
  readonly blindChannels?: ContractHostOptions['blindChannels'];
  readonly lookupPart?: ContractHostOptions['lookupPart'];
  /** In place of those in memory. */
  readonly store?: Store;
  readonly disk?: KeyDisk;
  readonly mac?: (message: Bytes) => Promise<Bytes>;
}

export interface World {
  readonly consortium: Consortium;
  readonly organisations: readonly Organisation[];
  /** Parties that nothing reaches now. */
  readonly unreachable: Set<string>;
  /** Changes parcels on their way, as a dishonest sender would. */
  tamper: ((parcel: JsonObject) => JsonObject) | undefined;
  /** Codes with which receivers refused. */
  readonly refused: string[];
  node(who: number | Organisation, options?: NodeOptions): Promise<Node>;
}

/** Three operators, a channel that all of them write, and a host for each that asks for one. */
export async function openWorld(
  options: { deciders?: readonly Decider[]; shared?: readonly Bytes[] } = {},
): Promise<World> {
  const organisations = [
    await organisation('host-a'),
    await organisation('host-b'),
    await organisation('host-c'),
  ];
  const consortium = await openConsortium(organisations, options.deciders ?? []);
  const dids = organisations.map(({ did }) => did);
  const members = dids.map((did) => ({ did, role: 'writer', validity: ALWAYS }));
  const body = openBody(CHANNEL, { governors: dids, members, shared: [...(options.shared ?? [])] });
  const refused = await consortium.govern('channel', 'open', body, organisations);
  if (refused) throw new Error(refused);
  const hosts = new Map<string, () => ContractHost>();
  const unreachable = new Set<string>();
  const world: World = {
    tamper: undefined,
    refused: [],
    consortium,
    organisations,
    unreachable,
    async node(who, { modules = [toyModule()], credentials = fakeCredentials(), ...faults } = {}) {
      const own = typeof who === 'number' ? (organisations[who] as Organisation) : who;
      const store = faults.store ?? createMemoryStore(faults.storeFaults);
      const disk = faults.disk ?? memoryDisk(faults.diskFaults);
      const keyStore = createMemoryKeyStore();
      await keyStore.generate({ purpose: 'derivation', algorithm: 'HS256', ref: 'contracts' });
      const mac = faults.mac ?? ((message: Bytes) => keyStore.mac('contracts', message));
      let waiting = new Set<() => void>();
      let latest: Vault | undefined;
      const open = async (): Promise<ContractHost> => {
        waiting = new Set();
        const vault = await openKeyFile({
          disk,
          mac,
          random: systemRandom,
        });
        const mine = waiting;
        latest = vault;
        return createContractHost({
          ...(faults.blindChannels && { blindChannels: faults.blindChannels }),
          ...(faults.lookupPart && { lookupPart: faults.lookupPart }),
          ledger: consortium.ledger,
          party: { did: own.did, signers: [own.signer] },
          ...{ store, vault, modules, credentials, clock, random: systemRandom, logger: silentLogger },
          exchange: {
            async deliver(to, parcel) {
              const host = hosts.get(to);
              if (!host || unreachable.has(to) || unreachable.has(own.did)) throw new Error('unreachable');
              // As over the wire.
              const text = JSON.stringify(world.tamper?.(parcel) ?? parcel);
              await host()
                .receive(own.did, JSON.parse(text) as JsonValue)
                .catch((error: AppError) => {
                  world.refused.push(error.code);
                  throw error;
                });
            },
          },
          later(_seconds, work) {
            mine.add(work);
            return { stop: () => void mine.delete(work) };
          },
        });
      };
      const node: Node = {
        ...{ organisation: own, store, disk },
        host: await open(),
        vault: () => latest as Vault,
        async reopen() {
          node.host = await open();
        },
        async settle() {
          for (let round = 0; round < 20; round += 1) {
            await node.host.idle();
            const due = [...waiting];
            if (due.length === 0) return;
            waiting.clear();
            for (const work of due) work();
          }
        },
      };
      hosts.set(own.did, () => node.host);
      return node;
    },
  };
  return world;
}

export const MODULE = 'test.toy@1';

export const did = (node: Node): string => node.organisation.did;

export const run = (node: Node, command: string, data: JsonValue, more: Partial<RunRequest> = {}) =>
  node.host.run({ channel: CHANNEL, module: MODULE, command, data, actor: did(node), ...more });

export const get = (node: Node, id: string, more: Partial<ReadRequest> = {}) =>
  node.host.get({ channel: CHANNEL, module: MODULE, id, reader: { actor: did(node) }, ...more });

/** Until every parcel has arrived, whatever it set off. */
export async function settleAll(nodes: readonly Node[]): Promise<void> {
  for (let round = 0; round < 4; round += 1) for (const node of nodes) await node.settle();
}
