import { unixSeconds } from '@attestel/core';
import type { AttestelNode } from '../node/create-node.ts';
import type { Door } from '../start-page/doors.ts';
import type { DemoParty } from './parties.ts';
import { DATA_CHANNEL, GROUP_CHANNEL, PROVINCES, ROAMING_CHANNEL } from './scenarios/participants.ts';
import type { World } from './world.ts';

const LOOPBACK: readonly (string | undefined)[] = [undefined, '127.0.0.1', '::1', 'localhost'];
const MONTH = 30 * 86_400;

/** Whether nobody but this machine reaches the demo: what it hands out then are keys to an invented world. */
export const isOnThisMachine = ({ options }: World): boolean => LOOPBACK.includes(options.host);

/** Consoles of all parties whose nodes have one, and the inspector's page of each province. */
export function demoDoors(
  world: World,
  nodes: readonly AttestelNode[],
  parties: readonly Pick<DemoParty, 'id' | 'name'>[],
): readonly Door[] {
  return nodes.flatMap((node) => {
    // Nodes are called as their parties, but for those of the platform, which have neither page.
    const { instance } = node.config;
    const party = parties.find(({ id }) => id === instance);
    return party ? [...consoleOf(world, node, party), ...inspectionOf(world, node, party)] : [];
  });
}

const atNode = (id: string, origin: string): string => `--as ${id} --node ${origin}`;

function consoleOf(
  { options }: World,
  { origin, consoleLink }: AttestelNode,
  { id, name }: Pick<DemoParty, 'id' | 'name'>,
): Door[] {
  if (!consoleLink) return [];
  const command = `console ${atNode(id, origin)}`;
  const link = async (): Promise<string> => {
    const url = new URL(await consoleLink());
    if (options.scenarios) url.searchParams.set('channel', CHANNELS[id] ?? GROUP_CHANNEL);
    return url.href;
  };
  return [{ page: 'console', id, name, node: origin, command, link }];
}

/** Where the first objects of each are: the console opens there. */
const CHANNELS: { readonly [id: string]: string } = {
  ...Object.fromEntries(PROVINCES.map(({ unit, channel }) => [unit, channel])),
  ...Object.fromEntries(
    ['zhonglian', 'vendor', 'tower', 'regulator'].map((id) => [id, PROVINCES[0].channel]),
  ),
  ...{ huatong: ROAMING_CHANNEL, xinyuan: ROAMING_CHANNEL, bank: DATA_CHANNEL },
};

function inspectionOf(
  { clock }: World,
  { origin, inspectorLink }: AttestelNode,
  { id, name }: Pick<DemoParty, 'id' | 'name'>,
): Door[] {
  const province = PROVINCES.find(({ unit }) => unit === id)?.code;
  if (!inspectorLink || province === undefined) return [];
  const command = `inspector invite ${atNode(id, origin)} --name "You" --province ${province}`;
  const link = () =>
    inspectorLink({
      ...{ name: 'Demo', province, city: null, until: unixSeconds(clock) + MONTH },
      // Whenever somebody tries it, it is not outside of the shift.
      shift: { from: '00:00', until: '23:59' },
    });
  return [{ page: 'inspection', id, name, node: origin, command, link }];
}
