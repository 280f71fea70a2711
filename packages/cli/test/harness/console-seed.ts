import { createHash } from 'node:crypto';
import { actAs } from '../../src/data-folder.ts';

type Operator = 'zhonglian' | 'huatong';

export interface SeedPorts {
  readonly dataDir: string;
  readonly nodeOf: (operator: Operator) => string;
  readonly didOf: (operator: Operator) => Promise<string>;
  /** Tries again until what another node has to know is there. */
  readonly eventually: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface Seeded {
  /** A device with four lines, and the record of visits to it. */
  readonly device: string;
  readonly inspection: string;
  /** Sheet whose publisher has written markup into its name. */
  readonly hostile: string;
}

export const HOSTILE_NAME = '<img src=x onerror="document.title=1"><script>alert(1)</script>';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const PLACE = { latitude: '23.129000', longitude: '113.264000' };
const instant = (offsetSeconds: number): string =>
  new Date(Date.now() + offsetSeconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

/** A few objects of each scenario, by the contract API of two operators' nodes. */
export async function seedConsole({ dataDir, nodeOf, didOf, eventually }: SeedPorts): Promise<Seeded> {
  const [zhonglian, huatong] = [await didOf('zhonglian'), await didOf('huatong')];
  const run = async (
    as: Operator,
    module: string,
    command: string,
    data: object,
    id?: string,
  ): Promise<string> => {
    const { token } = await actAs(dataDir, as);
    const url = `${nodeOf(as)}/v1/contracts/${module}/main/${command}${id === undefined ? '' : `?id=${id}`}`;
    const headers = {
      authorization: `Bearer ${await token(nodeOf(as))}`,
      'content-type': 'application/json',
    };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(data) });
    const body = (await answer.json()) as { id: string };
    if (!answer.ok) throw new Error(`${module} ${command}: ${JSON.stringify(body)}`);
    return body.id;
  };
  const give = (as: Operator, type: string, subject: string, claims: object): Promise<string> =>
    eventually(() => run(as, 'host.credential@1', 'issue', { type, subject, claims }));

  await give('huatong', 'Operator', zhonglian, { tadig: ['CHNZL'] });
  await give('zhonglian', 'Operator', huatong, { tadig: ['HKGHT'] });
  await give('huatong', 'ProvinceUnit', zhonglian, { province: 'GD', group: huatong });
  const sheet = (name: string, country: string, tadig: string) => ({
    body: { name, country, tadig: [tadig], contacts: [] },
  });
  await eventually(() =>
    run('zhonglian', 'roaming.party@1.0.0', 'publish', sheet('Zhonglian', 'CHN', 'CHNZL')),
  );
  const hostile = await eventually(() =>
    run('huatong', 'roaming.party@1.0.0', 'publish', sheet(HOSTILE_NAME, 'HKG', 'HKGHT')),
  );
  const { device, inspection } = await seedDevice(run, eventually, huatong);
  await seedConsent(run, zhonglian, huatong);
  return { device, inspection, hostile };
}

type RunCommand = (
  as: Operator,
  module: string,
  command: string,
  data: object,
  id?: string,
) => Promise<string>;

async function seedDevice(run: RunCommand, eventually: SeedPorts['eventually'], group: string) {
  const form = [
    { name: 'clean', label: { 'zh-CN': '清洁', en: 'Clean' }, kind: 'yes-no', required: true, options: [] },
  ];
  const body = { province: 'GD', type: 'BS', form, intervalDays: 30, thresholds: [] };
  const template = await eventually(() => run('zhonglian', 'device.template@1', 'publish', { body }));
  const facts = {
    ...{ vendor: 'CG', serial: 'GD-0001', type: 'BS', batch: 'B1', model: 'CG-BS', level: 'device' },
    ...{ province: 'GD', city: 'GD-A', site: 'GD-001', place: PLACE, group, tagKey: null, did: null },
  };
  const device = await run('zhonglian', 'device.item@1', 'register', { facts });
  for (const to of ['received', 'mounted', 'inService'])
    await run('zhonglian', 'device.item@1', 'transition', { to }, device);
  const visit = (number: number) => ({
    ...{ device, tag: `tag ${number}`, place: PLACE, time: instant(number), form: { clean: true } },
    ...{ photo: digestOf(`photo ${number}`), track: digestOf('track'), note: `visit <b>${number}</b>` },
  });
  const head = { province: 'GD', template, shift: { from: instant(-7200), until: instant(7200) } };
  const items = Array.from({ length: 7 }, (_, i) => visit(i));
  const inspection = await run('zhonglian', 'device.inspection@1', 'submit', { head, items });
  const fault = { device, severity: 'major', text: 'fan' };
  await run('zhonglian', 'device.fault@1', 'open', { category: 'fault', facts: fault });
  return { device, inspection };
}

async function seedConsent(run: RunCommand, zhonglian: string, huatong: string): Promise<void> {
  const notice = { uri: 'https://bank.example/privacy', digest: digestOf('notice') };
  const scope = {
    ...{ subject: digestOf('somebody').slice(0, 32), controller: zhonglian, recipients: [huatong] },
    ...{ purpose: 'dpv:CreditChecking', data: ['tenure'], notice, language: 'en', storage: ['CN'] },
    ...{ retentionDays: 30, jurisdiction: 'CN', withdrawal: 'https://bank.example/withdraw' },
  };
  const data = { scope, approvers: [huatong], parties: [huatong], validUntil: instant(86_400) };
  await run('zhonglian', 'data.consent@1', 'request', data);
}
