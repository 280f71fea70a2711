import type { JsonValue } from '@attestel/core';
import { clock, type Organisation, organisation } from '../../../registry/test/consortium.ts';
import { ALWAYS, openBody } from '../../../registry/test/fake-channels.ts';
import { named } from '../../../registry/test/fake-ledger.ts';
import { DATA_MODULES } from '../../src/data/index.ts';
import { accessModule } from '../../src/host/access/access-module.ts';
import type { RunAnswer } from '../../src/host/commands/run-contract-command.ts';
import type { AskParty } from '../../src/host/lookup/collect-answer.ts';
import { instantText } from '../../src/module/instant.ts';
import type { Module } from '../../src/module/module.ts';
import {
  did,
  fakeCredentials,
  type Node,
  type NodeOptions,
  openWorld,
  settleAll,
  type World,
} from '../host/world.ts';

export const NOW = clock.now() / 1000;
const DAY = 86_400;
export const PERSON = 'did:mno:person';
export const OTHER_PERSON = 'did:mno:other-person';
export const MODULES = [...DATA_MODULES, accessModule()] as unknown as readonly Module[];
const hex = (byte: string): string => byte.repeat(32);

export interface DataWorld {
  readonly world: World;
  /** A data party for each sub-chain. */
  readonly parties: readonly [Node, Node, Node];
  readonly regulator: Node;
  readonly platform: Node;
  readonly all: readonly Node[];
}

/** One key for all stores: nodes are opened anew over them. */
export const mac = async (message: Uint8Array): Promise<Uint8Array> => message.slice(-32);

/** Sub-chain of a data party, the regulator and the platform. */
export const chainOf = (number: number): string => `party-${number + 1}`;

/** Three sub-chains of one ledger, each of one party, the regulator and the credit platform [DA-7]. */
export async function openDataWorld(options: Pick<NodeOptions, 'lookupPart'> = {}): Promise<DataWorld> {
  const world = await openWorld();
  const { consortium, organisations } = world;
  const [regulator, platform] = [await organisation('regulator'), await organisation('platform')];
  for (const one of [regulator, platform]) await consortium.send(one.create);
  const admitted = { did: regulator.did, name: named('Regulator'), roles: ['regulator'] };
  const refused = await consortium.govern('registry', 'member.admit', admitted, [
    ...organisations,
    regulator,
  ]);
  if (refused) throw new Error(refused);
  const nodes: Node[] = [];
  for (const [number, owner] of organisations.entries()) {
    await openChain(world, number, [owner, regulator, platform]);
    const held = [PERSON, OTHER_PERSON].map((subject) => ({
      ...{ type: 'DataSubject', subject, issuer: owner.did, claims: { known: owner.did } },
    }));
    nodes.push(
      await world.node(owner, { ...options, modules: MODULES, credentials: fakeCredentials(held), mac }),
    );
  }
  const others = [
    await world.node(regulator, { modules: MODULES, mac }),
    await world.node(platform, { modules: MODULES, mac }),
  ] as const;
  return {
    ...{ world, regulator: others[0], platform: others[1], all: [...nodes, ...others] },
    parties: nodes as unknown as DataWorld['parties'],
  };
}

async function openChain(world: World, number: number, members: readonly Organisation[]): Promise<void> {
  const channel = chainOf(number);
  const dids = members.map((one) => one.did);
  const body = openBody(channel, {
    // The party keeps the key of the channel; with the regulator it decides who is a member.
    governors: dids.slice(0, 2),
    members: dids.map((one) => ({ did: one, role: 'writer', validity: ALWAYS })),
  });
  const by = [...world.organisations, members[1] as Organisation];
  const refused = await world.consortium.govern('channel', 'open', body, by);
  if (refused) throw new Error(refused);
}

interface Act {
  readonly channel: string;
  readonly module: string;
  readonly command: string;
  readonly data: object;
  readonly id?: string;
  readonly actor?: string;
}

export const act = (node: Node, { module, data, actor, ...rest }: Act): Promise<RunAnswer> =>
  node.host.run({
    ...rest,
    module: `data.${module}@1`,
    data: data as JsonValue,
    actor: actor ?? did(node),
  });

export const scopeOf = (subject: string, controller: string, recipient: string): object => ({
  ...{ subject, controller, recipients: [recipient], purpose: 'dpv:CreditChecking' },
  data: ['income-band', 'tenure'],
  notice: { uri: 'https://party.example/notice', digest: hex('dd') },
  ...{ language: 'zh-CN', storage: ['CN'], retentionDays: 30, jurisdiction: 'CN' },
  withdrawal: 'https://party.example/end',
});

export interface Consenting {
  readonly channel: string;
  readonly subject: string;
  readonly provider: Node;
  readonly recipient: Node;
  readonly person?: string;
}

/** The platform asks, the person confirms at the party that knows them. @returns the consent */
export async function consented({
  channel,
  subject,
  provider,
  recipient,
  person = PERSON,
}: Consenting): Promise<string> {
  const { id } = await act(recipient, {
    ...{ channel, module: 'consent', command: 'request' },
    data: {
      scope: scopeOf(subject, did(provider), did(recipient)),
      ...{ approvers: [person], parties: [did(provider)], validUntil: instantText(NOW + 10 * DAY) },
    },
  });
  await settleAll([provider, recipient]);
  const confirmation = { method: 'wallet-signature', evidence: hex('ee') };
  const data = { step: 'consent', confirmation };
  await act(provider, { channel, module: 'consent', command: 'approve', id, data, actor: person });
  await settleAll([provider, recipient]);
  return id;
}

export const revoked = (provider: Node, channel: string, id: string, person = PERSON): Promise<RunAnswer> =>
  act(provider, { channel, module: 'consent', command: 'revoke', id, data: {}, actor: person });

export const provisionData = (consent: string, recipient: Node, change: object = {}): object => ({
  head: { consent, recipient: did(recipient), purpose: 'dpv:CreditChecking', data: ['tenure'], ...change },
  items: [{ time: NOW, digest: hex('ff'), records: 1 }],
});

export const provided = (provider: Node, channel: string, consent: string, recipient: Node) =>
  act(provider, {
    ...{ channel, module: 'provision', command: 'submit', data: provisionData(consent, recipient) },
  });

/** Asks the hosts themselves, as over HTTP by a party that has shown who it is. */
export const askIn =
  ({ all }: DataWorld, asker: Node): AskParty =>
  async (party, question) => {
    const node = all.find((one) => did(one) === party) as Node;
    const answer = await node.host.answerLookup(question, { actor: did(asker) });
    return JSON.parse(JSON.stringify(answer)) as JsonValue;
  };
