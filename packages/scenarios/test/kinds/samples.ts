import { AMOUNT, DECIMAL } from '../../src/decimal/decimal.ts';
import { account } from '../../src/kinds/account.ts';
import { agreement } from '../../src/kinds/agreement.ts';
import { asset } from '../../src/kinds/asset.ts';
import { caseOf } from '../../src/kinds/case.ts';
import { document } from '../../src/kinds/document.ts';
import { grant } from '../../src/kinds/grant.ts';
import { record } from '../../src/kinds/record.ts';
import { instantOf } from '../../src/module/instant.ts';
import { integer, list, OBJECT_ID, oneOf, shape, text } from '../../src/module/shapes.ts';

export const A = 'did:mno:a';
export const B = 'did:mno:b';
export const C = 'did:mno:c';
export const STRANGER = 'did:mno:x';
export const PERSON = 'did:key:p';

export const NOW = instantOf('2026-11-22T00:00:00Z', '/');
export const DAY = 86_400;

const named = (name: string) => ({ name, version: '1.0.0', summary: { 'zh-CN': name, en: name } });

export const lease = agreement<{ slot: string }>({
  ...named('test.lease'),
  terms: shape({ slot: text(8) }),
  notice: { effect: DAY, termination: 3600 },
  holds: ({ terms }) => [terms.slot],
});

/** Any two of three. */
export const council = agreement({ ...named('test.council'), terms: shape({}), quorum: 2 });

export const sheet = document<{ code: string }>({
  ...named('test.sheet'),
  body: shape({ code: text(8) }),
  notice: DAY,
  unique: ({ code }) => [code],
});

export const memo = document({ ...named('test.memo'), body: shape({}), audience: 'listed' });

export const readings = record<{ number: number }, { value: string }>({
  ...named('test.readings'),
  head: shape({ number: integer(0, 1_000_000) }),
  item: shape({ value: DECIMAL }),
  batch: 50,
  flags: {
    high: { 'zh-CN': '过高', en: 'Above the threshold' },
    again: { 'zh-CN': '重复', en: 'Seen before in the batch' },
  },
  rules: () => {
    const seen = new Set<string>();
    return ({ value }) => {
      const again = seen.has(value);
      seen.add(value);
      return [...(value.length > 2 ? ['high'] : []), ...(again ? ['again'] : [])];
    };
  },
  sequence: ({ number }) => number,
});

export const board = asset<{ serial: string; rank: number }>({
  ...named('test.board'),
  facts: shape({ serial: text(16), rank: integer(0, 9) }),
  initial: 'stored',
  table: {
    stored: ['inService', 'retired'],
    inService: ['repair', 'stored'],
    repair: ['inService', 'retired'],
    retired: [],
  },
  onReceive: { repair: 'inService' },
  unique: ({ serial }) => [serial],
  containment: {
    level: ({ rank }) => rank,
    fits: ({ slot }) => slot.startsWith('s'),
    parentIn: ['inService'],
  },
});

export const permit = grant<{ door: string; times: number }>({
  ...named('test.permit'),
  scope: shape({ door: text(8), times: integer(1, 9) }),
  steps: [
    { name: 'head', summary: { 'zh-CN': '主管', en: 'Head' } },
    { name: 'security', summary: { 'zh-CN': '安全', en: 'Security' } },
  ],
  delegates: { approve: ['Employee'], request: ['Employee'] },
  use: shape({ door: text(8) }),
  limit: ({ times }) => times,
});

export const points = account<{ moves: { account: string; amount: string }[] }>({
  ...named('test.points'),
  unit: 'points',
  places: 2,
  caps: { entry: '1000', balance: '1500', day: '1200' },
  posting: {
    schema: shape({ moves: list(shape({ account: OBJECT_ID, amount: DECIMAL }), 15) }),
    accounts: ({ moves }) => moves.map(({ account: id }) => id),
    entries: ({ data }) => data.moves,
  },
  redemption: shape({ prize: text(16) }),
  delegates: { transfer: ['Holder'] },
});

export const fault = caseOf<{ severity: string; cost: string }>({
  ...named('test.fault'),
  facts: shape({ severity: oneOf('critical', 'minor'), cost: AMOUNT }),
  categories: {
    line: { summary: { 'zh-CN': '线路', en: 'Line' }, sla: 7200 },
    other: { summary: { 'zh-CN': '其他', en: 'Other' } },
  },
  sla: ({ category, facts }) => (category === 'other' ? null : facts.severity === 'critical' ? 3600 : 7200),
});

export const all = [lease, council, sheet, memo, readings, board, permit, points, fault];
