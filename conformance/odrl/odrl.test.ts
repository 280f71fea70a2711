import type { JsonValue } from '@attestel/core';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  BUYER,
  type DataPlay,
  OWNER,
  startDataPlay,
  THIRD,
} from '../../packages/scenarios/test/data/data-play.ts';
import { odrlFaults } from './odrl-rules.ts';

type Document = { [member: string]: JsonValue };

let play: DataPlay['play'];
let run: DataPlay['run'];
let deal: string;

const POLICY = {
  permission: [
    {
      action: 'use',
      constraint: [
        {
          leftOperand: 'purpose',
          operator: 'isAnyOf',
          rightOperand: ['planning', 'dpv:ResearchAndDevelopment'],
        },
        { leftOperand: 'count', operator: 'lteq', rightOperand: '2' },
        { leftOperand: 'dateTime', operator: 'lt', rightOperand: '2027-01-01T00:00:00+08:00' },
        { leftOperand: 'recipient', operator: 'eq', rightOperand: BUYER },
        { leftOperand: 'spatial', operator: 'eq', rightOperand: 'Guangzhou' },
      ],
    },
    { action: 'derive', constraint: [] },
  ],
};

beforeEach(() => {
  const started = startDataPlay();
  ({ play, run } = started);
  const set = started.publish();
  const table = { currency: 'CNY', rows: [{ grade: 2, category: 'mobility', perUnit: '0.25' }] };
  const prices = run('price', 'propose', OWNER, { parties: [BUYER, THIRD], terms: table }).id;
  run('price', 'sign', THIRD, { version: 1 }, { id: prices });
  const price = { amount: '250', currency: 'CNY' };
  const terms = { provider: OWNER, set, prices, volume: '1000', price, policy: POLICY };
  const validUntil = '2027-06-01T00:00:00Z';
  deal = run('deal', 'propose', BUYER, { parties: [OWNER], terms, validUntil }).id;
});

const policy = (): Document =>
  structuredClone(play.query('data.deal', 'policy', { as: OWNER, args: { id: deal } })) as Document;
const agreed = (): Document => {
  run('deal', 'sign', OWNER, { version: 1 }, { id: deal });
  return policy();
};

describe('the policy of a deal [D4]', () => {
  it('[D4] is an ODRL Offer while it is proposed, an Agreement once it is signed', () => {
    const offer = policy();
    expect(odrlFaults(offer)).toEqual([]);
    expect(offer).toMatchObject({ '@type': 'Offer', uid: `urn:attestel:data.deal:${deal}:1` });
    const agreement = agreed();
    expect(odrlFaults(agreement)).toEqual([]);
    expect(agreement).toMatchObject({
      '@type': 'Agreement',
      permission: [{ assigner: OWNER, assignee: BUYER, action: 'use' }, { action: 'derive' }],
    });
    // When the deal begins and ends is part of what is permitted.
    const [{ constraint: all }, { constraint: bare }] = agreement.permission as [Document, Document];
    expect(all).toHaveLength(7);
    expect(bare).toEqual([
      {
        leftOperand: 'dateTime',
        operator: 'gteq',
        rightOperand: { '@type': 'xsd:dateTime', '@value': '2026-11-22T08:00:00Z' },
      },
      {
        leftOperand: 'dateTime',
        operator: 'lt',
        rightOperand: { '@type': 'xsd:dateTime', '@value': '2027-06-01T00:00:00Z' },
      },
    ]);
  });

  it('is none where nothing stands any more', () => {
    agreed();
    run('deal', 'terminate', BUYER, { reason: 'no more need' }, { id: deal });
    expect(play.query('data.deal', 'policy', { as: OWNER, args: { id: deal } })).toBeNull();
  });

  const FIRST = ['permission', 0] as const;
  const constraint = (number: number, member: string) => [...FIRST, 'constraint', number, member];

  it.each<[string, readonly (string | number)[], JsonValue | undefined, string]>([
    ['another context', ['@context'], 'http://www.w3.org/ns/dcat.jsonld', '/@context'],
    ['no context', ['@context'], undefined, '/@context'],
    ['a type that is no policy', ['@type'], 'Contract', '/@type'],
    ['no uid', ['uid'], undefined, '/uid'],
    ['a uid that is no IRI', ['uid'], 'deal one', '/uid'],
    ['no rule', ['permission'], undefined, '/ rules'],
    ['a conflict strategy that there is not', ['conflict'], 'guess', '/conflict'],
    ['a member that no clause names', ['price'], '250', '/price unknown'],
    ['no target', [...FIRST, 'target'], undefined, '/permission/0/target'],
    ['a target that is no IRI', [...FIRST, 'target'], 'footfall', '/permission/0/target'],
    ['an agreement without assigner', [...FIRST, 'assigner'], undefined, '/permission/0/assigner'],
    ['an agreement without assignee', [...FIRST, 'assignee'], undefined, '/permission/0/assignee'],
    ['no action', [...FIRST, 'action'], undefined, '/permission/0/action'],
    ['an action that is in no vocabulary', [...FIRST, 'action'], 'peek', '/permission/0/action'],
    ['two actions', [...FIRST, 'action'], ['use', 'read'], '/permission/0/action'],
    ['no left operand', constraint(0, 'leftOperand'), undefined, '/permission/0/constraint/0/leftOperand'],
    [
      'one that is in no vocabulary',
      constraint(0, 'leftOperand'),
      'mood',
      '/permission/0/constraint/0/leftOperand',
    ],
    ['no operator', constraint(1, 'operator'), undefined, '/permission/0/constraint/1/operator'],
    ['one that there is not', constraint(1, 'operator'), 'atMost', '/permission/0/constraint/1/operator'],
    ['an order of what has none', constraint(4, 'operator'), 'lt', '/permission/0/constraint/4/operator'],
    ['no right operand', constraint(1, 'rightOperand'), undefined, '/permission/0/constraint/1/rightOperand'],
    [
      'a value and a reference to one',
      constraint(1, 'rightOperandReference'),
      'https://example.com/count',
      '/permission/0/constraint/1/rightOperand',
    ],
    [
      'several values for an operator of one',
      constraint(4, 'rightOperand'),
      ['Guangzhou', 'Shenzhen'],
      '/permission/0/constraint/4/rightOperand',
    ],
    [
      'a day for a date and time',
      constraint(2, 'rightOperand'),
      { '@type': 'xsd:dateTime', '@value': '2027-01-01' },
      '/permission/0/constraint/2/rightOperand',
    ],
    [
      'a time without its type',
      constraint(2, 'rightOperand'),
      '2027-01-01T00:00:00Z',
      '/permission/0/constraint/2/rightOperand',
    ],
    [
      'a count in words',
      constraint(1, 'rightOperand'),
      { '@type': 'xsd:decimal', '@value': 'two' },
      '/permission/0/constraint/1/rightOperand',
    ],
  ])('is found at fault by the clauses where it has %s', (_, path, value, fault) => {
    const document = agreed();
    change(document, path, value);
    expect(odrlFaults(document)).toEqual([fault]);
  });
});

/** Puts a value in the place of another one; undefined: takes it out. */
function change(document: Document, path: readonly (string | number)[], value: JsonValue | undefined): void {
  const last = path.at(-1) as string;
  const node = path.slice(0, -1).reduce<Document>((at, step) => at[step] as Document, document);
  if (value === undefined) delete node[last];
  else node[last] = value;
}
