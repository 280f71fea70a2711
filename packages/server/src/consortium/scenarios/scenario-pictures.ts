import type { ScenarioParty, ScenarioPicture } from '../../start-page/scenarios.ts';
import type { Provisioned } from '../provision.ts';
import { DATA_CHANNEL, GROUP_CHANNEL, PROVINCES, ROAMING_CHANNEL } from './participants.ts';

interface Known {
  readonly who: (id: string) => Provisioned;
  readonly nodeOf: (id: string) => string;
  /** Operators that take part. */
  readonly operators: readonly string[];
  /** Month that boards are asked for, `yyyy-mm`. */
  readonly month: string;
}

/** Who is connected how in each scenario, and what to ask first. */
export function scenarioPictures(known: Known): readonly ScenarioPicture[] {
  const { who, nodeOf, operators, month } = known;
  const party = (id: string, through: readonly string[] = []): ScenarioParty => ({
    ...{ name: who(id).name, node: nodeOf(id), through: through.map((person) => who(person).name) },
  });
  const ask = (id: string, channel: string, words: string): string =>
    `contract query ${words} --as ${id} --node ${nodeOf(id)} --channel ${channel}`;
  const [gd] = PROVINCES.map(({ channel }) => channel);
  const device: ScenarioPicture = {
    ...{ id: 'device', example: 'examples/device-inspection/README.md' },
    channels: [GROUP_CHANNEL, ...PROVINCES.map(({ channel }) => channel)],
    parties: [
      ...[party('zhonglian'), party('guangdong', ['inspector']), party('jiangsu')],
      ...[party('vendor'), party('tower'), party('regulator')],
    ],
    commands: [
      ask('zhonglian', gd ?? '', `device.item@1 metrics period=${month} by=province`),
      ask('guangdong', gd ?? '', 'device.item@1 atSite site=GD-001'),
      ask('tower', gd ?? '', 'device.fault@1 objects limit=10'),
    ],
  };
  const roaming: ScenarioPicture = {
    ...{ id: 'roaming', example: 'examples/roaming/README.md', channels: [ROAMING_CHANNEL] },
    parties: [
      ...operators.map((id) => party(id, id === 'zhonglian' ? ['clearing'] : [])),
      party('regulator'),
    ],
    commands: [
      ask('huatong', ROAMING_CHANNEL, 'roaming.iot@1.0.0 inForce at=2099-01-01T00:00:00Z'),
      ask('huatong', ROAMING_CHANNEL, 'roaming.usage@1.0.0 totals'),
    ],
  };
  const data: ScenarioPicture = {
    ...{ id: 'data', example: 'examples/data-authorization/README.md', channels: [DATA_CHANNEL] },
    parties: [
      party('zhonglian', ['data-manager', 'subscriber']),
      party('bank'),
      party('platform'),
      party('regulator'),
    ],
    commands: [
      ask('bank', DATA_CHANNEL, 'data.set@1 inForce at=2099-01-01T00:00:00Z'),
      ask('bank', DATA_CHANNEL, 'data.consent@1 objects limit=10'),
    ],
  };
  // One operator alone has nobody to roam with.
  return operators.length < 2 ? [device, data] : [device, roaming, data];
}
