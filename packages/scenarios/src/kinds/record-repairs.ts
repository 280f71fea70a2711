import { fail } from '../errors.ts';
import type { JsonObject, JsonSchema, Query, Recorded, Text } from '../module/module.ts';
import { integer, list, oneOf, said, shape, text } from '../module/shapes.ts';
import type { RecordOf, RecordState } from './record.ts';
import { MAX_ITEMS, type SubmitData } from './record-schemas.ts';

/** A repair that whoever submits may make to items before, since a file had them otherwise. */
export interface RepairRule<I> {
  readonly summary: Text;
  /** Whether the item says what the rule makes of what stood there: every party looks. Pure. */
  holds(item: I, repaired: { readonly field: string; readonly was: string }): boolean;
}

/** Items in which one rule found the same text in the same field. */
export type Repaired = {
  readonly rule: string;
  /** Member of the item. */
  readonly field: string;
  /** What stood there. */
  readonly was: string;
  /** Numbers of the items, ascending: of the batch in the command, of the object in the event. */
  readonly items: readonly number[];
};

/** What a state keeps of a repair: all numbers of items stand in its line. */
export type KeptRepair = Omit<Repaired, 'items'> & {
  readonly first: number;
  readonly items: number;
  /** Who did it, by the line. */
  readonly party: string;
  readonly actor: string;
  /** Unix seconds. */
  readonly time: number;
};

/** Of one batch, at most; and the newest ones that a state keeps. */
const MAX_REPAIRS = 1000;

const repairsSchema = (rules: object, batch: number): JsonSchema =>
  list(
    shape({
      rule: oneOf(...Object.keys(rules)),
      field: text(64),
      was: text(256),
      items: list(integer(0, MAX_ITEMS), batch, 1),
    }),
    MAX_REPAIRS,
    1,
  );

type Declared<H extends JsonObject, I extends JsonObject> = Pick<RecordOf<H, I>, 'repairs' | 'batch'>;

/** Field of `submit` and event, where the module has rules of repair. */
export const repairFields = <H extends JsonObject, I extends JsonObject>({
  repairs,
  batch = 10_000,
}: Declared<H, I>): { readonly repairs?: JsonSchema } =>
  repairs
    ? {
        repairs: said(repairsSchema(repairs, batch), {
          'zh-CN': '提交前所作的修复：规则、字段、原值、条目',
          en: 'What was repaired before: rule, field, what stood there, items',
        }),
      }
    : {};

/**
 * Repairs of a batch as its event tells them. @throws AppError out_of_range for one that the item does not bear out, or of an
 * item that is not there or named twice
 */
export function repairedIn<H extends JsonObject, I extends JsonObject>(
  { repairs: rules = {} }: Declared<H, I>,
  { items, repairs = [] }: Pick<SubmitData<H, I>, 'items' | 'repairs'>,
  first: number,
): readonly Repaired[] {
  const named = new Set<string>();
  return repairs.map((repair, i) => {
    const { field, was } = repair;
    for (const [j, number] of repair.items.entries()) {
      const item = items[number];
      const isNew = !named.has(`${number} ${field}`);
      const fits = item !== undefined && rules[repair.rule]?.holds(item, { field, was }) === true;
      if (!isNew || !fits) throw fail('out_of_range', { field: `/repairs/${i}/items/${j}` });
      named.add(`${number} ${field}`);
    }
    return { ...repair, items: repair.items.map((number) => first + number) };
  });
}

export function withRepairs<H>(state: RecordState<H>, event: Recorded): RecordState<H> {
  const { party, actor, time } = event;
  const { repairs } = event.data as unknown as { readonly repairs: readonly Repaired[] };
  const kept = repairs.map(
    ({ items, ...repair }): KeptRepair => ({
      ...{ ...repair, first: items[0] ?? 0, items: items.length },
      ...{ party, actor, time },
    }),
  );
  return { ...state, repairs: [...(state.repairs ?? []), ...kept].slice(-MAX_REPAIRS) };
}

export const repairsQuery = <H>(): Query<RecordState<H>, JsonObject> => ({
  summary: {
    'zh-CN': '提交前修复过的条目：谁、何时、修复了什么',
    en: 'Items that were repaired: by whom, when, what',
  },
  schema: shape({}),
  paged: true,
  run: ({ rows }) =>
    [...rows].flatMap(({ id, state: { owner, repairs = [] } }) =>
      repairs.length > 0 ? [{ id, owner, repairs }] : [],
    ),
});
