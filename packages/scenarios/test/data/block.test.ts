import { beforeEach, expect, it } from 'vitest';
import type { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import { BUYER, type DataPlay, hex, OWNER, STRANGER, startDataPlay, THIRD } from './data-play.ts';

let play: Play;
let run: DataPlay['run'];
beforeEach(() => {
  ({ play, run } = startDataPlay());
});

it('traces a block over five hops, each confirmed by whoever got it [D9]', () => {
  const facts = {
    origin: OWNER,
    description: 'a block',
    digest: hex('11'),
    watermark: null,
    derivedFrom: null,
    right: 'use',
  };
  const source = run('block', 'register', OWNER, { facts }).id;
  const id = run('block', 'register', OWNER, {
    facts: { ...facts, digest: hex('22'), derivedFrom: source },
  }).id;
  const holders = [BUYER, THIRD, OWNER, BUYER, THIRD];
  let from = OWNER;
  for (const to of holders) {
    run('block', 'transfer', from, { to }, { id });
    expect(refusalOf(() => run('block', 'receive', STRANGER, {}, { id }))).toBe('permission_denied');
    run('block', 'receive', to, {}, { id });
    from = to;
  }
  const way = play.query<{ hops: { holder: string }[] }[]>('data.block', 'trace', {
    as: OWNER,
    args: { id },
  });
  expect(way.map(({ hops }) => hops.map(({ holder }) => holder))).toEqual([[OWNER, ...holders], [OWNER]]);
});
