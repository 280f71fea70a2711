import { isAppError, type JsonValue, utf8 } from '@attestel/core';
import type { Provisioned } from '../provision.ts';
import type { ContractCall, createContractCaller } from './call-contract.ts';

const TABLE = 'scenarios';
const TRIES = 60;
const PAUSE_MILLISECONDS = 250;

/** A command that the demo runs once in the life of its data folder. */
export interface SeedCommand {
  /** Whose node runs it. */
  readonly at: string;
  /** Who acts there; absent: the party itself. */
  readonly by?: string;
  readonly channel: string;
  readonly module: string;
  readonly command: string;
  /** Object; absent: the command begins one. */
  readonly id?: string;
  readonly data: object;
  /** Finds what an interrupted start left behind, where the ledger takes the object only once. */
  readonly find?: (rows: JsonValue) => string | undefined;
  readonly query?: { readonly name: string; readonly args: Readonly<Record<string, string>> };
}

export interface Seeding {
  readonly did: (id: string) => string;
  readonly who: (id: string) => Provisioned;
  /** Runs the command unless an earlier start did. @returns the object */
  once(step: string, command: SeedCommand): Promise<string>;
}

export interface SeedingOptions {
  readonly who: (id: string) => Provisioned;
  readonly nodeOf: (id: string) => string;
  readonly caller: ReturnType<typeof createContractCaller>;
  /** Where it is kept what was done: the platform's store. */
  readonly keeper: Provisioned;
  readonly signal: AbortSignal;
}

/**
 * Commands of the demo, each run once. What was done is written down after it was done: a start that ends in between runs
 * one command again, which the ledger refuses where there may be only one, and which does no harm elsewhere.
 */
export function createSeeding({ who, nodeOf, caller, keeper, signal }: SeedingOptions): Seeding {
  const { store } = keeper.party;
  const did = (id: string): string => who(id).identity.did;

  const callOf = ({ at, by = at, channel, module }: SeedCommand): ContractCall => ({
    ...{ node: nodeOf(at), by: who(by), channel, module },
  });

  const find = async (wanted: SeedCommand): Promise<string | undefined> => {
    const { query } = wanted;
    return query && wanted.find?.(await caller.query(callOf(wanted), query.name, query.args));
  };

  const attempt = async (wanted: SeedCommand): Promise<string> => {
    try {
      return await caller.run(callOf(wanted), wanted);
    } catch (error) {
      const found = codeOf(error) === 'already_exists' ? await find(wanted) : undefined;
      if (found === undefined) throw error;
      return found;
    }
  };

  const run = async (wanted: SeedCommand): Promise<string> => {
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted();
      try {
        return await attempt(wanted);
      } catch (error) {
        if (!mayCome(error) || tries === TRIES) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
    }
  };

  return {
    did,
    who,
    async once(step, wanted) {
      const key = utf8(step);
      const done = store.get(TABLE, key);
      if (done) return new TextDecoder().decode(done);
      const id = await run(wanted);
      await store.transact((writer) => writer.put(TABLE, key, utf8(id)));
      return id;
    },
  };
}

const codeOf = (error: unknown): string | undefined => (isAppError(error) ? error.code : undefined);

/** A credential that another party gave may still be on its way to this node; what is malformed stays so. */
const mayCome = (error: unknown): boolean => isAppError(error) && error.kind !== 'bad-input';

/** A credential that `at` gives by hand. */
export const credential = (
  at: string,
  channel: string,
  data: {
    readonly type: string;
    readonly subject: string;
    readonly keeper?: string;
    readonly claims: object;
  },
): SeedCommand => ({ at, channel, module: 'host.credential@1', command: 'issue', data });

/** For documents, of which the ledger takes one by key. */
export const byBody = (matches: (body: { readonly [field: string]: JsonValue }) => boolean) => ({
  query: { name: 'inForce', args: { at: '9999-01-01T00:00:00Z' } },
  find: (rows: JsonValue): string | undefined =>
    (rows as unknown as readonly { id: string; body: { [field: string]: JsonValue } }[]).find(({ body }) =>
      matches(body),
    )?.id,
});
