import type { JsonObject, JsonSchema, Recorded } from '../module/module.ts';
import { integer, list, shape, text } from '../module/shapes.ts';
import { beginning, partiesOf } from './declaration.ts';
import type { Flagged, RecordOf, RecordState } from './record.ts';
import { repairFields, withRepairs } from './record-repairs.ts';
import { correctionFields, MAX_ITEMS } from './record-schemas.ts';

/** Flagged and corrected items that an event and a state list; all are counted. */
export const MAX_FLAGGED = 1000;

const COUNT = integer(0, MAX_ITEMS);

export function recordEvents<H extends JsonObject, I extends JsonObject>(
  declaration: RecordOf<H, I>,
): { readonly [type: string]: JsonSchema } {
  const summary = declaration.sums ? { summary: declaration.sums.schema } : {};
  return {
    submitted: shape(
      {
        head: declaration.head,
        first: COUNT,
        count: COUNT,
        sequence: integer(0, Number.MAX_SAFE_INTEGER),
        flags: { type: 'object', additionalProperties: COUNT },
        flaggedItems: COUNT,
        flagged: list(shape({ item: COUNT, flags: list(text(64), 64) }), MAX_FLAGGED),
        ...summary,
      },
      ['sequence'],
    ),
    corrected: shape({ ...correctionFields(declaration), ...summary }, ['evidence', ...Object.keys(summary)]),
    closed: shape({}),
    ...(declaration.repairs ? { repaired: shape({ ...repairFields(declaration) }) } : {}),
  };
}

export const unknownRecord = <H>(event: Recorded): RecordState<H> => ({
  ...beginning(event),
  status: 'unknown',
  owner: event.party,
  head: null,
  batches: 0,
  items: 0,
  sequence: null,
  flags: {},
  flaggedItems: 0,
  flagged: [],
  corrections: 0,
  corrected: [],
  summary: null,
});

interface Submitted<H> {
  readonly head: H;
  readonly first: number;
  readonly count: number;
  readonly sequence?: number;
  readonly flags: { readonly [flag: string]: number };
  readonly flaggedItems: number;
  readonly flagged: readonly Flagged[];
  readonly summary?: JsonObject;
}

/** Total: numbers of items come from the batches, so they stay right where one in between is gone. */
export function evolveRecord<H>(state: RecordState<H>, event: Recorded): RecordState<H> {
  switch (event.type) {
    case 'submitted':
      return withBatch(state, event);
    case 'corrected': {
      const { item, summary } = event.data as { readonly item: number; readonly summary?: JsonObject };
      return {
        ...state,
        corrections: state.corrections + 1,
        corrected: [...state.corrected, item].slice(-MAX_FLAGGED),
        summary: summary ?? state.summary,
      };
    }
    case 'repaired':
      return withRepairs(state, event);
    case 'closed':
      return { ...state, status: 'closed' };
    default:
      return state;
  }
}

function withBatch<H>(state: RecordState<H>, event: Recorded): RecordState<H> {
  const batch = event.data as unknown as Submitted<H>;
  return {
    ...state,
    status: 'open',
    parties: partiesOf(...state.parties, ...event.parties),
    head: batch.head,
    batches: state.batches + 1,
    items: batch.first + batch.count,
    sequence: batch.sequence ?? state.sequence,
    flags: added(state.flags, batch.flags),
    flaggedItems: state.flaggedItems + batch.flaggedItems,
    flagged: [...state.flagged, ...batch.flagged].slice(-MAX_FLAGGED),
    summary: batch.summary ?? state.summary,
  };
}

function added(
  a: { readonly [flag: string]: number },
  b: { readonly [flag: string]: number },
): { readonly [flag: string]: number } {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(names.map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}
