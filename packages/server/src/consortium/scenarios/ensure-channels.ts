import { type CborValue, fromHex, unixSeconds } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import {
  buildChannelOperation,
  type Channels,
  createChannels,
  MAIN_CHANNEL,
  parentOf,
} from '@attestel/registry';
import { digestOfModule, SCENARIO_MODULES } from '@attestel/scenarios';
import { fail } from '../../errors.ts';
import { ledgerSigner, type Provisioned } from '../provision.ts';
import type { World } from '../world.ts';
import { DATA_CHANNEL, GROUP_CHANNEL, PROVINCES, ROAMING_CHANNEL } from './participants.ts';

const OPERATION_SECONDS = 3600;

interface Wanted {
  readonly channel: string;
  readonly governors: readonly string[];
  readonly members: readonly { readonly did: string; readonly role: 'writer' | 'reader' }[];
  /** Names of modules that every node executes there. */
  readonly shared?: readonly string[];
  /** Who signs that it is opened, the one who acts first. */
  readonly by: readonly Provisioned[];
}

/**
 * Opens the channels that are not there yet, each above before those below, and takes in who is no member yet: a folder
 * may be older than they are. @throws provisioning_refused
 */
export async function ensureChannels(
  world: World,
  ledger: Ledger,
  who: (id: string) => Provisioned,
): Promise<void> {
  const channels = createChannels(ledger, () => unixSeconds(world.clock));
  const operators = world.operators.map(({ id }) => who(id));
  for (const wanted of [...wantedChannels(who), ...roamingChannel(operators, who)]) {
    if (!channels.channel(wanted.channel)) await open(world, ledger, wanted);
    else await takeIn(world, ledger, { ...wanted, members: missing(wanted, channels) });
  }
}

const missing = ({ channel, members }: Wanted, channels: Channels): Wanted['members'] => {
  const there = new Set(channels.members(channel).map(({ did }) => did));
  return members.filter(({ did }) => !there.has(did));
};

function wantedChannels(who: (id: string) => Provisioned): readonly Wanted[] {
  const [group, platform] = [who('zhonglian'), who('platform')];
  const did = (id: string): string => who(id).identity.did;
  const writer = (id: string) => ({ did: did(id), role: 'writer' as const });
  const regulator = { did: did('regulator'), role: 'reader' as const };
  const own = [group.identity.did];
  return [
    {
      channel: GROUP_CHANNEL,
      governors: own,
      members: [writer('zhonglian'), ...PROVINCES.map(({ unit }) => writer(unit)), regulator],
      shared: ['device.type'],
      by: [group, platform],
    },
    ...PROVINCES.map(({ channel, unit }) => ({
      channel,
      governors: own,
      // Who makes the devices, and who looks after the masts.
      members: [...['zhonglian', unit, 'vendor', 'tower'].map(writer), regulator],
      shared: ['device.template'],
      by: [group],
    })),
    {
      channel: DATA_CHANNEL,
      governors: [...own, platform.identity.did],
      members: [writer('zhonglian'), writer('platform'), writer('bank'), regulator],
      shared: ['data.price'],
      by: [group, platform],
    },
  ];
}

/** All operators govern it; one alone has nobody to roam with. */
function roamingChannel(
  operators: readonly Provisioned[],
  who: (id: string) => Provisioned,
): readonly Wanted[] {
  if (operators.length < 2) return [];
  const governors = operators.map(({ identity }) => identity.did);
  const regulator = { did: who('regulator').identity.did, role: 'reader' as const };
  const members = [...governors.map((did) => ({ did, role: 'writer' as const })), regulator];
  return [{ channel: ROAMING_CHANNEL, governors, members, by: operators }];
}

const FOR_EVER = { from: 0, until: null } as const;

async function open(world: World, ledger: Ledger, { channel, governors, members, by, shared = [] }: Wanted) {
  const ns = parentOf(channel);
  const executed = SCENARIO_MODULES.filter(({ name }) => shared.includes(name));
  const body = {
    ...{ channel, governors: [...governors], threshold: 1, read: 'members', validity: FOR_EVER },
    shared: executed.map((module) => fromHex(digestOfModule(module))),
    members: members.map((member) => ({ ...member, validity: FOR_EVER })),
  };
  // Only `main` counts the votes of several.
  await submit(world, ledger, { kind: 'open', ns, body, by: ns === MAIN_CHANNEL ? by : by.slice(0, 1) });
}

async function takeIn(world: World, ledger: Ledger, { channel, members, by }: Wanted): Promise<void> {
  if (members.length === 0) return;
  const body = { channel, members: members.map((member) => ({ ...member, validity: FOR_EVER })) };
  await submit(world, ledger, { kind: 'members.set', ns: channel, body, by: by.slice(0, 1) });
}

interface Decision {
  readonly kind: string;
  readonly ns: string;
  readonly body: { readonly channel: string; readonly [field: string]: CborValue };
  readonly by: readonly Provisioned[];
}

/** @throws AppError provisioning_refused */
async function submit(world: World, ledger: Ledger, { kind, ns, body, by }: Decision): Promise<void> {
  const actor = (by[0] as Provisioned).identity.did;
  const operation = await buildChannelOperation({
    ...{ kind, body, ns, actor, network: world.network },
    sequence: ledger.sequence('channel', actor),
    notAfter: Math.max(ledger.head().time, unixSeconds(world.clock)) + OPERATION_SECONDS,
    signers: await Promise.all(by.map(ledgerSigner)),
  });
  const [result] = await ledger.submit([operation]);
  if (!result?.ok)
    throw fail('provisioning_refused', {
      field: body.channel,
      cause: result?.error,
      detail: result?.error.code ?? '',
    });
}
