import { describe, expect, it } from 'vitest';
import type { Api } from '../../src/console/api/client.ts';
import { channelsBelow } from '../../src/console/board/channels.ts';
import { countsOf, dataFacts } from '../../src/console/board/data-facts.ts';
import { barsOf, joined, type Metrics, monthsBack } from '../../src/console/board/device-metrics.ts';
import { roamingFacts, stagesOf } from '../../src/console/board/roaming-facts.ts';
import type { ConsoleModule } from '../../src/index.ts';

const [ME, HT, XY] = ['did:mno:me', 'did:mno:ht', 'did:mno:xy'];
const AT = '2026-11-22T08:00:00Z';
const METRICS: Metrics = {
  ...{ coverage: '0.5000', frequency: '1.2500', quality: null, faultRate: '0.0100' },
  ...{ faults: 3, handlingHours: null, withinSla: '1.0000' },
};

const modulesNamed = (...names: readonly string[]) =>
  names.map((name) => ({ id: `${name}@1`, name }) as ConsoleModule);

/** Answers by channel, module and query; the arguments of what was asked, in order. */
function fakeApi(answers: { readonly [question: string]: unknown }) {
  const asked: string[] = [];
  const answer = (question: string, args: object): never => {
    asked.push(`${question} ${JSON.stringify(args)}`);
    return (answers[question] ?? []) as never;
  };
  const api: Pick<Api, 'query' | 'objects'> = {
    query: async ({ channel, module }, query, args) => answer(`${channel} ${module} ${query}`, args),
    objects: async ({ channel, module }, filter) => answer(`${channel} ${module} objects`, filter),
  };
  return { api, asked };
}

describe('the equipment board', () => {
  it('draws a bar for each group in the order of their names, and none where there is no value', () => {
    expect(barsOf({ JS: METRICS, GD: METRICS }, 'coverage')).toEqual([
      { label: 'GD', value: 0.5 },
      { label: 'JS', value: 0.5 },
    ]);
    expect(barsOf({ GD: METRICS }, 'quality')).toEqual([{ label: 'GD', value: null }]);
  });

  it('is made of the channels below; a group that two of them have is told apart', () => {
    expect(channelsBelow('zhonglian', ['main', 'zhonglian', 'zhonglian/gd', 'zhonglian-x'])).toEqual([
      'zhonglian',
      'zhonglian/gd',
    ]);
    expect(channelsBelow('main', ['main', 'data'])).toEqual(['main', 'data']);
    const boards = [
      ['a', { GD: METRICS, V1: METRICS }],
      ['b', { JS: METRICS, V1: METRICS }],
    ] as const;
    expect(Object.keys(joined(boards)).sort()).toEqual(['GD', 'JS', 'V1 (a)', 'V1 (b)']);
  });

  it('goes back month by month, over the end of a year', () => {
    expect(monthsBack(Date.UTC(2026, 0, 31) / 1000, 3)).toEqual(['2026-01', '2025-12', '2025-11']);
  });
});

describe('the roaming board', () => {
  const statement = 'main roaming.statement@1';
  const { api, asked } = fakeApi({
    [`${statement} waiting`]: [{ id: 's1', stage: 'received', waitsFor: ME }],
    [`${statement} inForce`]: [
      { parties: [HT, ME], terms: { result: { net: { currency: 'EUR' } } } },
      { parties: [HT, ME], terms: { result: { net: { currency: 'EUR' } } } },
      { parties: [ME, XY], terms: { result: { net: null } } },
      { parties: [HT, XY], terms: { result: { net: { currency: 'EUR' } } } },
    ],
    [`${statement} netPosition`]: { net: { payer: ME, amount: '1234.50' }, statements: ['s2', 's3'] },
    'main roaming.ir21@1 inForce': [{ id: 'i1', publisher: HT, body: {} }],
    'main roaming.ir21@1 late': { version: 2, late: [XY] },
    'main roaming.party@1 inForce': [
      { id: 'p1', publisher: HT, body: { name: 'Huatong', tadig: ['HKGHT'] } },
      { id: 'p2', publisher: XY, body: { name: 'Xinyuan', tadig: ['SGPXY'] } },
    ],
  });
  const modules = modulesNamed('roaming.statement', 'roaming.ir21', 'roaming.party');
  const facts = roamingFacts(api, modules, { channels: ['main'], reader: ME, at: AT });

  it('asks for the net once for each partner and currency, and shows what is owed as less than nothing', async () => {
    expect((await facts).nets).toEqual([{ partner: HT, currency: 'EUR', amount: '-1234.50' }]);
    expect(asked.filter((question) => question.includes('netPosition'))).toHaveLength(1);
  });

  it('asks who of the other operators has not acknowledged a sheet', async () => {
    expect((await facts).late).toEqual([
      { id: 'i1', channel: 'main', publisher: HT, version: 2, late: [XY] },
    ]);
    expect(asked).toContainEqual(expect.stringContaining(`"from":["${XY}"]`));
  });

  it('shows whose turn it is, and how many statements stand at each stage in the order of their way', async () => {
    const { waiting } = await facts;
    expect(waiting).toEqual([{ id: 's1', channel: 'main', stage: 'received', waitsFor: ME }]);
    const stages = ['paid', 'sent', 'terminated', 'sent'].map((stage) => ({ ...waiting[0], stage }) as never);
    expect(stagesOf(stages)).toEqual([
      ['sent', 2],
      ['paid', 1],
      ['terminated', 1],
    ]);
  });

  it('is empty at a node that does not run the modules', async () => {
    expect(await roamingFacts(api, [], { channels: ['main'], reader: ME, at: AT })).toEqual({
      ...{ waiting: [], nets: [], partners: [], late: [] },
    });
  });
});

describe('the data board', () => {
  it('adds up over channels, the most frequent first', async () => {
    const { api } = fakeApi({
      'main data.consent@1 standing': [{ standing: 'expired' }],
      'data data.consent@1 standing': [{ standing: 'active' }, { standing: 'active' }],
      'data data.provision@1 totals': [{ id: 'p', owner: HT, items: 4 }],
      'data data.deal@1 negotiation': [{ state: 'AGREED' }],
      'main data.request@1 objects': { statuses: { requested: 1 } },
      'data data.request@1 objects': { statuses: { requested: 1, active: 3 } },
    });
    const modules = modulesNamed('data.consent', 'data.provision', 'data.deal', 'data.request');
    expect(await dataFacts(api, modules, { channels: ['main', 'data'], at: AT })).toEqual({
      consents: [
        ['active', 2],
        ['expired', 1],
      ],
      provisions: [{ id: 'p', owner: HT, items: 4 }],
      deals: [['AGREED', 1]],
      requests: [
        ['active', 3],
        ['requested', 2],
      ],
    });
    expect(countsOf(['b', 'a'])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });
});
