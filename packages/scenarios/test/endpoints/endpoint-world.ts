import { createMemoryStore, systemRandom } from '@attestel/core';
import { createLedgerResolver, createPartyAuthenticator, createPartyToken } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import { createChannels, moduleDigestOf } from '@attestel/registry';
import { clock, keyStore, organisation } from '../../../registry/test/consortium.ts';
import { contractRoutes } from '../../src/endpoints/contract.endpoint.ts';
import { evidenceRoutes } from '../../src/endpoints/evidence.endpoint.ts';
import { allCredentialTypes, credentialModule } from '../../src/host/credentials/credential-module.ts';
import { openCredentials } from '../../src/host/credentials/open-credentials.ts';
import { createModuleDecider } from '../../src/host/shared/module-decider.ts';
import { openKeyFile } from '../../src/host/vault/open-key-file.ts';
import { digestOfModule } from '../../src/module/declaration.ts';
import type { Module } from '../../src/module/module.ts';
import { DID, shape } from '../../src/module/shapes.ts';
import { callRoutes } from '../harness/call-routes.ts';
import { toyModule } from '../host/toy-module.ts';
import { memoryDisk, type Node, openWorld } from '../host/world.ts';

export const BASE_URL = 'https://node.example';

export type EndpointWorld = Awaited<ReturnType<typeof createAuthenticatedWorld>>;

const clerked = toyModule({
  credentials: { Clerk: { schema: shape({ of: DID, and: DID }, ['and']), trust: { by: 'governor' } } },
});

export interface WorldOptions {
  /** Of scenarios. */
  readonly scenarios?: readonly Module[];
  /** Of them, those that every node executes. */
  readonly shared?: readonly Module[];
}

/** Two nodes with real tokens, credentials and ledger, and the endpoints of the first. */
export async function createAuthenticatedWorld({ scenarios = [clerked], shared = [] }: WorldOptions = {}) {
  const deciders = shared.map((module) => createModuleDecider(module));
  const digests = deciders.map(({ declaration }) => moduleDigestOf(declaration));
  const world = await openWorld({ deciders, shared: digests });
  const { ledger } = world.consortium;
  const stranger = await organisation('stranger');
  await world.consortium.send(stranger.create);
  const resolver = createLedgerResolver(ledger, { clock });
  const modules: readonly Module[] = [...scenarios, credentialModule(scenarios) as unknown as Module];
  const credentialsOf = async (number: number, prefix: string) => {
    const store = createMemoryStore();
    const keys = createMemoryKeyStore();
    await keys.generate({ purpose: 'derivation', algorithm: 'HS256', ref: 'contracts' });
    const mac = (message: Uint8Array) => keys.mac('contracts', message);
    const did = world.organisations[number]?.did ?? '';
    const credentials = await openCredentials({
      ...{ ledger, store, resolver, clock, types: allCredentialTypes(scenarios) },
      vault: await openKeyFile({ disk: memoryDisk(), mac, random: systemRandom }),
      party: { did, kid: `${did}#key-1`, signer: await keyStore.signer(`${prefix}/key-1`) },
      nameOfModule: (digest) => modules.find((module) => digestOfModule(module) === digest)?.name,
    });
    return { store, credentials };
  };
  const [ofA, ofB] = [await credentialsOf(0, 'host-a'), await credentialsOf(1, 'host-b')];
  const a = await world.node(0, { modules, ...ofA });
  const b = await world.node(1, { modules, ...ofB });
  const tokenOf = async (did: string, prefix: string) =>
    createPartyToken({
      ...{ did, kid: `${did}#key-1`, audience: BASE_URL, clock },
      signer: await keyStore.signer(`${prefix}/key-1`),
    });
  const routes = (node: Node, credentials: typeof ofA.credentials) => {
    const channels = createChannels(ledger, () => clock.now() / 1000);
    const authenticate = createPartyAuthenticator({ resolver, audience: BASE_URL, clock });
    const { host } = node;
    return [
      ...contractRoutes({
        ...{ host, modules, credentials, clock, party: node.organisation.did, baseUrl: BASE_URL },
        ...{ channels, authenticate },
      }),
      ...evidenceRoutes({ host, channels, credentials, authenticate }),
    ];
  };
  const dids = { a: a.organisation.did, b: b.organisation.did, stranger: stranger.did };
  return {
    world,
    nodes: [a, b] as const,
    dids,
    modules,
    resolver,
    tokens: {
      a: await tokenOf(dids.a, 'host-a'),
      b: await tokenOf(dids.b, 'host-b'),
      stranger: await tokenOf(dids.stranger, 'stranger'),
    },
    call: callRoutes(routes(a, ofA.credentials)),
    callB: callRoutes(routes(b, ofB.credentials)),
    digestOf: (name: string) => digestOfModule(modules.find((module) => module.name === name) as Module),
  };
}
