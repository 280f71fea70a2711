import { EVERYONE, type JsonSchema, type Recorded } from '../module/module.ts';
import { DID, list, OBJECT_ID, prose, shape, text } from '../module/shapes.ts';
import type { AssetState, Stay } from './asset.ts';
import { beginning, partiesOf } from './declaration.ts';

const REASON = prose(2000);
const TOLD = list({ anyOf: [DID, { type: 'string', const: EVERYONE }] }, 1000);

export const assetEvents = (facts: JsonSchema): { readonly [type: string]: JsonSchema } => ({
  registered: shape({ facts, status: text(64), told: TOLD }),
  updated: shape({ facts, told: TOLD }),
  moved: shape({ to: text(64), reason: REASON }, ['reason']),
  // To a status without followers, so that what the asset gave can end with it.
  ended: shape({ to: text(64), reason: REASON }, ['reason']),
  transferred: shape({ to: DID, reason: REASON }, ['reason']),
  received: shape({ status: text(64) }),
  declined: shape({ reason: REASON }, ['reason']),
  attached: shape({ parent: OBJECT_ID, slot: text(64), reason: REASON }, ['reason']),
  detached: shape({ reason: REASON }, ['reason']),
});

export const unknownAsset = <F>(event: Recorded): AssetState<F> => ({
  ...beginning(event),
  // Rules see no facts of an asset whose registration is gone: `living` refuses its status.
  facts: {} as F,
  custodian: event.party,
  receiver: null,
  told: partiesOf(...event.parties),
  stays: [],
  steps: [],
});

/** Entries of one asset's past that the state keeps; all are in its lines. */
const KEPT = 50;

interface Data<F> {
  readonly facts: F;
  readonly status: string;
  readonly told: readonly string[];
  readonly to: string;
  readonly reason?: string;
  readonly parent: string;
  readonly slot: string;
}

/** Total: an asset whose registration is gone stays unknown, wherever it goes. */
export function evolveAsset<F>(state: AssetState<F>, event: Recorded): AssetState<F> {
  const after = moved(state, event);
  const { custodian, receiver, told } = after;
  return { ...after, parties: partiesOf(custodian, ...(receiver === null ? [] : [receiver]), ...told) };
}

function moved<F>(state: AssetState<F>, event: Recorded): AssetState<F> {
  const data = event.data as unknown as Data<F>;
  const { facts, told } = data;
  switch (event.type) {
    case 'registered':
      return stepped({ ...state, facts, told, custodian: event.party, status: data.status }, event);
    case 'updated':
      return { ...state, facts, told };
    case 'moved':
    case 'ended':
      return stepped({ ...state, status: statusAfter(state, data.to) }, event);
    case 'transferred':
      return { ...state, receiver: data.to };
    case 'declined':
      return { ...state, receiver: null };
    case 'received': {
      const status = statusAfter(state, data.status);
      return stepped({ ...state, custodian: event.party, receiver: null, status }, event);
    }
    case 'attached':
      return { ...state, stays: [...state.stays, stay(data, event)].slice(-KEPT) };
    case 'detached':
      return { ...state, stays: ended(state.stays, event.time, data.reason) };
    default:
      return state;
  }
}

const statusAfter = <F>(state: AssetState<F>, to: string): string =>
  state.status === 'unknown' ? state.status : to;

function stepped<F>(state: AssetState<F>, event: Recorded): AssetState<F> {
  const { reason } = event.data as { readonly reason?: string };
  const { status, custodian } = state;
  const step = { status, custodian, time: event.time, reason: reason ?? null };
  return { ...state, steps: [...state.steps, step].slice(-KEPT) };
}

const stay = <F>({ parent, slot, reason }: Data<F>, { time }: Recorded): Stay => ({
  parent,
  slot,
  from: time,
  until: null,
  reason: reason ?? null,
  removal: null,
});

function ended(stays: readonly Stay[], time: number, reason: string | undefined): readonly Stay[] {
  const last = stays.at(-1);
  if (last?.until !== null) return stays;
  return [...stays.slice(0, -1), { ...last, until: time, removal: reason ?? null }];
}
