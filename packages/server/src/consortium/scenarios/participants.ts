import { type DemoParty, party } from '../parties.ts';

/**
 * Who takes part in the scenarios beside the consortium's members: branches and customers of members, and persons. The
 * ledger knows their DIDs; what they may do is up to the channels that name them.
 */
export const PARTICIPANTS: readonly DemoParty[] = [
  party('guangdong', '中联移动广东公司', 'Zhonglian Guangdong', []),
  party('jiangsu', '中联移动江苏公司', 'Zhonglian Jiangsu', []),
  party('bank', '惠民银行', 'Huimin Bank', []),
  party('clearing', '通达清算所', 'Tongda Clearing House', []),
  party('inspector', '巡检员李明', 'Li Ming, field worker', []),
  party('data-manager', '数据管理员王芳', 'Wang Fang, data manager', []),
  party('subscriber', '用户陈静', 'Chen Jing, subscriber', []),
];

/**
 * Who has a node that runs the scenarios and nothing else. Operators and the platform have theirs anyway; whoever has none
 * acts through the node of the organisation that keeps its credentials.
 */
export const SCENARIO_NODES = ['guangdong', 'jiangsu', 'bank', 'vendor', 'tower', 'regulator'] as const;
export type ScenarioNode = (typeof SCENARIO_NODES)[number];

export interface Province {
  readonly unit: 'guangdong' | 'jiangsu';
  readonly code: 'GD' | 'JS';
  readonly channel: string;
}

/** The group's channel; below it one for each province. */
export const GROUP_CHANNEL = 'zhonglian';
export const PROVINCES: readonly [Province, ...Province[]] = [
  { unit: 'guangdong', code: 'GD', channel: `${GROUP_CHANNEL}/gd` },
  { unit: 'jiangsu', code: 'JS', channel: `${GROUP_CHANNEL}/js` },
];

/** Where data is offered and consents stand: an operator, the platform, a bank. */
export const DATA_CHANNEL = 'data';

/** Of the operators; who deals with whom there no line says. */
export const ROAMING_CHANNEL = 'roaming';
