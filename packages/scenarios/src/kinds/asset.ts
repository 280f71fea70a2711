import { fail } from '../errors.ts';
import type {
  Command,
  CommandRequest,
  Context,
  JsonObject,
  JsonSchema,
  Module,
  ModuleEvent,
} from '../module/module.ts';
import { assemble } from './assemble.ts';
import { attachOf, detachOf } from './asset-containment.ts';
import { custodyCommands } from './asset-custody.ts';
import { assetEvents, evolveAsset, unknownAsset } from './asset-events.ts';
import { assetQueries } from './asset-queries.ts';
import { assetSchemas, type RegisterData } from './asset-schemas.ts';
import { isCustodian, living, stayOf } from './asset-state.ts';
import { type Common, type Declaration, partiesOf } from './declaration.ts';
import { tell } from './tell.ts';

/** Where an asset was, half-open; until null: is there. */
export type Stay = {
  readonly parent: string;
  readonly slot: string;
  readonly from: number;
  readonly until: number | null;
  /** Why it was put there, and why taken out. */
  readonly reason: string | null;
  readonly removal: string | null;
};

export type AssetState<F = JsonObject> = Common & {
  readonly facts: F;
  /** Who has it and moves it. */
  readonly custodian: string;
  /** Handed over, not yet confirmed. */
  readonly receiver: string | null;
  /** Who is told of everything beside custodian and receiver. */
  readonly told: readonly string[];
  /** The newest 50; the last is where it is unless it has an end. */
  readonly stays: readonly Stay[];
  /** The newest 50 changes of status and custody. */
  readonly steps: readonly AssetStep[];
};

export type AssetStep = {
  readonly status: string;
  readonly custodian: string;
  readonly time: number;
  readonly reason: string | null;
};

export interface AssetOf<F extends JsonObject> extends Declaration<AssetState<F>> {
  readonly facts: JsonSchema;
  /** Status of a new asset, one of the table's. */
  readonly initial: string;
  /** What can follow what. A status without followers is an end: nothing moves the asset any more. */
  readonly table: { readonly [from: string]: readonly string[] };
  /** Status that `retire` leads to; default `retired`. */
  readonly retired?: string;
  /** Status by status, what it becomes when its receiver confirms. */
  readonly onReceive?: { readonly [status: string]: string };
  /** Rules about the facts beside their schema. Throws AppErrors whose field begins with `/facts`. */
  check?(input: {
    readonly facts: F;
    readonly context: Context;
    readonly state: AssetState<F> | undefined;
  }): void;
  /** Keys that no other asset of the channel may ever have, such as vendor and serial number. */
  unique?(facts: F): readonly string[];
  /** Organisations beside custodian and receiver that are told of everything; or EVERYONE. */
  told?(facts: F): readonly string[];
  readonly containment?: Containment<F>;
}

export interface Containment<F> {
  /** A parent's level is above its child's, so that nothing can contain itself by detours. */
  level(facts: F): number;
  /** Whether this fits there. */
  fits(input: { readonly child: F; readonly parent: F; readonly slot: string }): boolean;
  /** Statuses in which an asset contains others; default: any that is not an end. */
  readonly parentIn?: readonly string[];
}

export type AssetRequest<F, D> = CommandRequest<AssetState<F>, D>;

/** Lifecycle by a table, custody by handshake, containment in slots. */
export function asset<F extends JsonObject = JsonObject>(declaration: AssetOf<F>): Module<AssetState<F>> {
  assertTable(declaration);
  const commands = { ...lifecycle(declaration), ...custodyCommands(declaration) };
  return assemble(declaration, {
    commands: declaration.containment
      ? { ...commands, attach: attachOf(declaration), detach: detachOf(declaration) }
      : commands,
    events: assetEvents(declaration.facts),
    queries: assetQueries<F>(),
    indexes: { status: ({ status }) => status, parent: (state) => stayOf(state)?.parent },
    unknown: unknownAsset,
    evolve: evolveAsset,
    movers: ({ custodian, receiver }) => (receiver === null ? [custodian] : [custodian, receiver].sort()),
  });
}

function assertTable<F extends JsonObject>({ name, initial, table, retired = 'retired' }: AssetOf<F>): void {
  const unknown = [initial, retired, ...Object.values(table).flat()].find(
    (status) => !Object.hasOwn(table, status),
  );
  if (unknown !== undefined) throw new TypeError(`${name}: status ${unknown} is not in the table`);
}

function lifecycle<F extends JsonObject>(declaration: AssetOf<F>): Module<AssetState<F>>['commands'] {
  const schemas = assetSchemas(declaration);
  const register: Command<AssetState<F>, RegisterData<F>> = {
    ...schemas.register,
    on: 'new',
    allow: () => true,
    decide: ({ data, context }) => {
      const { facts } = data;
      declaration.check?.({ facts, context, state: undefined });
      const unique = declaration.unique?.(facts) ?? [];
      const told = partiesOf(...(declaration.told?.(facts) ?? []));
      const also = [context.party, ...told];
      const event = { facts, status: declaration.initial, told };
      return [
        tell(undefined, { type: 'registered', data: event, also, ...(unique.length > 0 ? { unique } : {}) }),
      ];
    },
  };
  const update: Command<AssetState<F>, { readonly facts: F }> = {
    ...schemas.update,
    on: 'existing',
    allow: isCustodian,
    decide: ({ state, data, context }) => {
      const { facts } = data;
      const alive = living(declaration, state);
      declaration.check?.({ facts, context, state });
      assertSameKeys(declaration, alive.facts, facts);
      const told = partiesOf(...(declaration.told?.(facts) ?? []));
      return [tell(state, { type: 'updated', data: { facts, told }, also: told })];
    },
  };
  const transition: Command<AssetState<F>, { readonly to: string; readonly reason?: string }> = {
    ...schemas.transition,
    on: 'existing',
    allow: isCustodian,
    decide: ({ state, data }) => [moved(declaration, state, data)],
  };
  const retire: Command<AssetState<F>, { readonly reason?: string }> = {
    ...schemas.retire,
    on: 'existing',
    allow: isCustodian,
    decide: ({ state, data }) => [
      moved(declaration, state, { ...data, to: declaration.retired ?? 'retired' }),
    ],
  };
  return { register, update, transition, retire };
}

/** @throws AppError conflict for a step that the table does not have */
function moved<F extends JsonObject>(
  declaration: AssetOf<F>,
  state: AssetState<F> | undefined,
  { to, reason }: { readonly to: string; readonly reason?: string },
): ModuleEvent {
  const { status } = living(declaration, state);
  const allowed = declaration.table[status] ?? [];
  if (!allowed.includes(to)) throw fail('conflict', { field: '/to', extra: { present: status } });
  const isEnd = (declaration.table[to] ?? []).length === 0;
  if (isEnd && state && (stayOf(state) || state.receiver !== null))
    throw fail('conflict', { extra: { rule: 'attached or handed over' } });
  const type = isEnd ? 'ended' : 'moved';
  return tell(state, { type, data: { to, ...(reason === undefined ? {} : { reason }) } });
}

// What was taken for ever stays taken: an asset with another serial number is another asset.
function assertSameKeys<F extends JsonObject>({ unique }: AssetOf<F>, before: F, after: F): void {
  const keys = unique?.(before) ?? [];
  const changed = unique?.(after) ?? [];
  if (keys.length !== changed.length || keys.some((key) => !changed.includes(key)))
    throw fail('conflict', { field: '/facts', extra: { rule: 'unique' } });
}
