import { type CborValue, fromHex, unixSeconds } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { buildChannelOperation, createChannels, MAIN_CHANNEL, parentOf } from '@attestel/registry';
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

/** Opens the channels that are not there yet, each above before those below. @throws provisioning_refused */
export async function ensureChannels(
  world: World,
  ledger: Ledger,
  who: (id: string) => Provisioned,
): Promise<void> {
  const channels = createChannels(ledger, () => unixSeconds(world.clock));
  const operators = world.operators.map(({ id }) => who(id));
  for (const wanted of [...wantedChannels(who), ...roamingChannel(operators, who)])
    if (!channels.channel(wanted.channel)) await open(world, ledger, wanted);
}

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
      members: [writer('zhonglian'), writer(unit), regulator],
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

async function open(world: World, ledger: Ledger, { channel, governors, members, by, shared = [] }: Wanted) {
  const actor = (by[0] as Provisioned).identity.did;
  const ns = parentOf(channel);
  const validity = { from: 0, until: null };
  const body: { [field: string]: CborValue } = {
    ...{ channel, governors: [...governors], threshold: 1, read: 'members', validity },
    shared: SCENARIO_MODULES.filter(({ name }) => shared.includes(name)).map((module) =>
      fromHex(digestOfModule(module)),
    ),
    members: members.map((member) => ({ ...member, validity })),
  };
  const operation = await buildChannelOperation({
    ...{ kind: 'open', body, ns, actor, network: world.network },
    sequence: ledger.sequence('channel', actor),
    notAfter: Math.max(ledger.head().time, unixSeconds(world.clock)) + OPERATION_SECONDS,
    // Only `main` counts the votes of several.
    signers: await Promise.all((ns === MAIN_CHANNEL ? by : by.slice(0, 1)).map(ledgerSigner)),
  });
  const [result] = await ledger.submit([operation]);
  if (!result?.ok)
    throw fail('provisioning_refused', {
      field: channel,
      cause: result?.error,
      detail: result?.error.code ?? '',
    });
}
