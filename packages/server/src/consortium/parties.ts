import type { DisplayName, Role } from '@attestel/registry';

/** A party of the demo consortium. All names are fictional. */
export interface DemoParty {
  readonly id: string;
  readonly name: DisplayName;
  readonly roles: readonly Role[];
  /** Offset from the base port; absent for parties without a node of their own yet. */
  readonly port?: number;
}

export const party = (
  id: string,
  zh: string,
  en: string,
  roles: readonly Role[],
  port?: number,
): DemoParty => ({
  id,
  name: { 'zh-CN': zh, en },
  roles,
  ...(port === undefined ? {} : { port }),
});

/** The first operator orders the demo's ledger, where one party alone does. */
export const DEMO_OPERATORS: readonly DemoParty[] = [
  party('zhonglian', '中联移动', 'Zhonglian Mobile', ['operator'], 1),
  party('huatong', '华通通信', 'Huatong Telecom', ['operator'], 2),
  party('xinyuan', '新元网络', 'Xinyuan Networks', ['operator'], 3),
];

export const DEMO_PLATFORM = party(
  'platform',
  '互信平台',
  'Huxin Platform',
  ['platform', 'bridge', 'app'],
  10,
);

/** Makes small cells, and has no CA. */
export const DEMO_VENDOR = party('vendor', '辰光设备', 'Chenguang Equipment', ['vendor']);

export const DEMO_FOUNDERS: readonly DemoParty[] = [
  ...DEMO_OPERATORS,
  DEMO_PLATFORM,
  DEMO_VENDOR,
  party('tower', '云塔铁塔', 'Yunta Towers', ['tower-company']),
  party('regulator', '通信监管局', 'Telecom Regulator', ['regulator']),
];

export interface DemoPorts {
  readonly start: number;
  readonly operators: readonly number[];
  readonly bridge: number;
  readonly wallet: number;
  readonly shop: number;
  readonly forum: number;
  /** Of the nodes that run nothing but the scenarios; none of them is used without scenarios. */
  readonly guangdong: number;
  readonly jiangsu: number;
  readonly bank: number;
  readonly vendor: number;
  readonly tower: number;
  readonly regulator: number;
  /** First of two for each validator's engine; none of them is used without engines. */
  readonly engines: number;
}

/** Ports of the demo from its base port (4100 by default). */
export const demoPorts = (base: number, operators: number): DemoPorts => ({
  start: base,
  operators: DEMO_OPERATORS.slice(0, operators).map((o) => base + (o.port as number)),
  bridge: base + 10,
  wallet: base + 20,
  shop: base + 31,
  forum: base + 32,
  guangdong: base + 4,
  jiangsu: base + 5,
  bank: base + 6,
  vendor: base + 7,
  tower: base + 8,
  regulator: base + 9,
  engines: base + 40,
});

/** Apps of the demo as the platform registers them. */
export const demoApps = (origin: (port: number) => string, ports: DemoPorts) => [
  {
    clientId: 'demo-shop',
    name: { 'zh-CN': '青禾商店', en: 'Qinghe Shop' },
    purpose: {
      'zh-CN': '登录并在您同意时填写送货电话',
      en: 'Sign you in and, if you agree, fill in the delivery phone',
    },
    redirectUris: [`${origin(ports.shop)}/callback`],
    postLogoutRedirectUris: [origin(ports.shop)],
    claims: ['phone_number', 'phone_number_verified'],
  },
  {
    clientId: 'demo-forum',
    name: { 'zh-CN': '山海论坛', en: 'Shanhai Forum' },
    purpose: {
      'zh-CN': '以化名登录，并核对号码近期未换卡',
      en: 'Sign you in under a pseudonym and see that the SIM is not brand-new',
    },
    redirectUris: [`${origin(ports.forum)}/callback`],
    postLogoutRedirectUris: [origin(ports.forum)],
    claims: ['sim_unchanged_30d', 'binding_changed_at', 'binding_pending'],
  },
];
