import { beforeEach, describe, expect, it } from 'vitest';
import { type AgreementState, agreement } from '../../src/kinds/agreement.ts';
import { instantOf } from '../../src/module/instant.ts';
import { shape, text } from '../../src/module/shapes.ts';
import { Play } from '../harness/play.ts';

const A = 'did:mno:a';
const B = 'did:mno:b';
const X = 'did:mno:x';

const TERMS = shape({ price: text(20) });
const lease = agreement({
  name: 'test.lease',
  version: '1.0.0',
  summary: { 'zh-CN': '租约', en: 'Lease' },
  terms: TERMS,
  notice: { effect: 86_400, termination: 3600 },
});

const NOW = instantOf('2026-11-22T00:00:00Z', '/');

describe('agreement', () => {
  let play: Play;
  let id: string;
  const act = (command: string, as: string, data: object = {}) =>
    play.run({ module: 'test.lease', command, id, as, data: data as never });
  const state = () => play.state<AgreementState>('test.lease', id);

  beforeEach(() => {
    play = new Play([lease], { time: NOW });
    const data = { parties: [B], terms: { price: '5' }, validFrom: '2026-12-01T00:00:00Z' };
    id = play.run({ module: 'test.lease', command: 'propose', as: A, data }).id;
  });

  it('is agreed when all have signed, and is in force from its date on', () => {
    expect(state()).toMatchObject({ status: 'proposed', parties: [A, B], agreed: [] });
    expect(act('sign', B, { version: 1 }).events.map(({ type }) => type)).toEqual(['signed', 'agreed']);
    expect(state()).toMatchObject({ status: 'agreed', pending: null });
    const ask = (at: string) =>
      play.query<{ version: number }[]>('test.lease', 'inForce', { as: A, args: { at } });
    expect(ask('2026-11-30T23:59:59Z')).toEqual([]);
    expect(ask('2026-12-01T00:00:00Z')).toMatchObject([{ id, version: 1, terms: { price: '5' } }]);
  });

  it('refuses strangers: to sign, to see, to list', () => {
    expect(() => act('sign', X, { version: 1 })).toThrow(/not allowed/);
    expect(() => play.see('test.lease', id, X)).toThrow(/not allowed/);
    expect(play.query('test.lease', 'toSign', { as: X })).toEqual([]);
    expect(play.query('test.lease', 'toSign', { as: B })).toMatchObject([{ id }]);
  });
});
