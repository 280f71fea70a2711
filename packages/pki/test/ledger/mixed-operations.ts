import type { Bytes } from '@attestel/core';
import { buildSubmission, type SubmittedItem } from '@attestel/pki';
import { type Dice, diceOf } from '../../../x509/test/fuzzing.ts';
import { type Certified, certify, freshKey, itemOf, prove, serialOf } from './devices.ts';
import {
  admitVendor,
  authorise,
  NETWORK,
  type Party,
  terms,
  tokenKeyOf,
  vendorScope,
  type World,
} from './world.ts';

const reason = 'clone-detected';

/** Operations of most kinds as dice say, good and bad ones, until so many were sent. Returns the outcomes by kind. */
export async function sendMixed(
  world: World,
  count: number,
): Promise<Map<string, { good: number; bad: number }>> {
  const dice = diceOf(20_261_122);
  const anchor = await admitVendor(world);
  const range = { prefix: 'AC5G-', digits: 6, from: 1, to: 900_000 };
  const what = terms(world, anchor, { count: 900_000, serials: range });
  const batch = await authorise(world, what);
  const mixed = { world, dice, anchor, what, batch, cells: [] as Certified[], last: 1 };
  const outcomes = new Map<string, { good: number; bad: number }>();
  for (let sent = 0; sent < count; sent++) {
    const kind = dice.pick(KINDS);
    const refusal = await MAKERS[kind](mixed);
    const outcome = outcomes.get(kind) ?? { good: 0, bad: 0 };
    outcome[refusal === undefined ? 'good' : 'bad'] += 1;
    outcomes.set(kind, outcome);
    if (dice.below(20) === 0) world.later(1 + dice.below(3600));
  }
  return outcomes;
}

interface Mixed {
  readonly world: World;
  readonly dice: Dice;
  readonly anchor: Bytes;
  readonly what: ReturnType<typeof terms>;
  readonly batch: Bytes;
  readonly cells: Certified[];
  last: number;
}

type Maker = (mixed: Mixed) => Promise<string | undefined>;

const MAKERS = {
  submit,
  challenge: ({ world, dice }) => world.act('challenge', { salt: dice.bytes(32) }, [someone(world, dice)]),
  suspend: (mixed) => change(mixed, 'suspend', { reason }),
  revoke: (mixed) => change(mixed, 'revoke', { reason, voters: null }),
  resume: (mixed) => {
    const { v, a } = mixed.world;
    return change(mixed, 'resume', { voters: [v.did, a.did] }, [v, a]);
  },
  supersede: ({ world, dice, cells }) => {
    const [certificate, successor] = [dice.pick(cells)?.hash ?? UNKNOWN, dice.pick(cells)?.hash ?? UNKNOWN];
    return world.act('status.supersede', { certificate, successor, overlap: dice.below(9999) }, [world.v]);
  },
  authorise: ({ world, dice, what }) =>
    world.act('batch.authorise', { ...what, number: `PO-${dice.below(100)}` }, [world.v]),
  'admit cell': ({ world, dice, cells }) => {
    const cell = dice.pick(cells)?.hash ?? UNKNOWN;
    const body = { cell, gateway: cell, site: dice.bytes(32), until: world.now() + dice.below(9999) };
    return world.act('cell.admit', body, [world.a]);
  },
} satisfies Record<string, Maker>;

type Kind = keyof typeof MAKERS;
/** What is published comes most. */
const KINDS = [...Array<Kind>(6).fill('submit'), ...(Object.keys(MAKERS) as Kind[])];
const UNKNOWN = new Uint8Array(32);

const someone = ({ a, b, v, stranger }: World, dice: Dice): Party => dice.pick([a, b, v, stranger]);

function change(
  { world, dice, cells }: Mixed,
  kind: string,
  more: object,
  by: readonly Party[] = [dice.below(5) > 0 ? world.v : world.b],
): Promise<string | undefined> {
  const certificates = [dice.pick(cells)?.hash ?? UNKNOWN];
  return world.act(`status.${kind}`, { certificates, ...more }, by);
}

/** One to three cells, of which the middle one may be bad or a renewal. */
async function submit(mixed: Mixed): Promise<string | undefined> {
  const { world, dice, what, batch, cells } = mixed;
  const made = await Promise.all(
    Array.from({ length: 1 + dice.below(3) }, () =>
      certify({ device: serialOf(mixed.last++), notBefore: world.now() }),
    ),
  );
  const items = await Promise.all(
    made.map((one, i) => (i === 1 ? variant(mixed, one) : itemOf(one, world.v, batch))),
  );
  const { operation } = await buildSubmission({
    ...{ network: NETWORK, submitter: world.v.did, role: 'small-cell', challenge: batch },
    evidence: {
      ...{ anchor: null, scope: vendorScope(world.v), intermediates: [], tokenKey: tokenKeyOf(world.v) },
      ...{ batch: { vendor: world.v.did, terms: what }, source: null },
    },
    ...{ items, notAfter: world.notAfter(), signers: [world.v.signer] },
  });
  const refusal = await world.send(operation);
  if (refusal === undefined && made[0]) cells.push(made[0]);
  return refusal;
}

async function variant({ world, dice, batch, cells }: Mixed, made: Certified): Promise<SubmittedItem> {
  const item = itemOf(made, world.v, batch);
  switch (dice.below(5)) {
    case 0:
      return { ...item, possession: prove(made, world.v, batch, freshKey()) };
    case 1:
      return itemOf(await certify({ key: dice.pick(cells)?.key ?? made.key }), world.v, batch);
    case 2:
      return { ...item, replaces: dice.pick(cells)?.hash ?? UNKNOWN };
    default:
      return item;
  }
}
