import {
  type AppError,
  isAppError,
  type JsonValue,
  type Logger,
  type Random,
  toHex,
  utf8,
} from '@attestel/core';
import type { ContractHost, HistoryEntry } from '@attestel/scenarios';
import { fail } from '../../errors.ts';
import type { Provisioned } from '../provision.ts';

/** By step: `object line` of what was done, and the object of what was begun. */
const [DONE, BEGUN] = ['scenarios', 'scenarios/begun'] as const;
const TRIES = 600;
const PAUSE_MILLISECONDS = 100;

/** A command that the demo runs once in the life of its data folder. */
export interface SeedCommand {
  /** Whose host runs it. */
  readonly at: string;
  /** Who acts there; absent: the party itself. */
  readonly by?: string;
  readonly channel: string;
  readonly module: string;
  readonly command: string;
  /** Object; absent: the command begins one. */
  readonly id?: string;
  readonly data: object;
  /** Whose hosts are to have it before anything else is done: who acts next, or signs along. */
  readonly told?: readonly string[];
}

export interface Seeding {
  readonly did: (id: string) => string;
  readonly who: (id: string) => Provisioned;
  /** Runs the command unless an earlier start did. @returns the object */
  once(step: string, command: SeedCommand): Promise<string>;
}

export interface SeedingOptions {
  readonly who: (id: string) => Provisioned;
  readonly hostOf: (id: string) => Pick<ContractHost, 'run' | 'history'>;
  /** Where it is kept what was done: the platform's store. */
  readonly keeper: Provisioned;
  readonly random: Random;
  readonly logger: Pick<Logger, 'debug' | 'error'>;
  readonly signal: AbortSignal;
  readonly pauseMilliseconds?: number;
}

/**
 * Commands of the demo, each run once. The object is noted before its command is run, and the line after: a start that
 * finds only the first looks whether the line is there. What another party's node has to bring first is waited for.
 */
export function createSeeding(options: SeedingOptions): Seeding {
  const { who, hostOf, keeper, random, logger, signal, pauseMilliseconds = PAUSE_MILLISECONDS } = options;
  const { store } = keeper.party;
  const did = (id: string): string => who(id).identity.did;
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
  const textAt = (table: string, step: string): string | undefined => {
    const value = store.get(table, utf8(step));
    return value && new TextDecoder().decode(value);
  };
  const note = (table: string, step: string, text: string): Promise<void> =>
    store.transact((writer) => writer.put(table, utf8(step), utf8(text)));

  const linesAt = (at: string, { channel, module }: SeedCommand, id: string) =>
    hostOf(at)
      .history({ channel, module, id, reader: { actor: did(at) } })
      .catch(nothingThere);

  /** The line that this command wrote, where an earlier try did and nobody noted it. */
  const written = async (wanted: SeedCommand, object: string): Promise<string | undefined> => {
    const { at, by = at, id, command } = wanted;
    const lines = await linesAt(at, wanted, object);
    if (id === undefined) return lines[0]?.line;
    const noted = new Set(
      Array.from(store.range(DONE), ([, value]) => lineIn(new TextDecoder().decode(value))),
    );
    const own = lines.filter((line) => line.actor === did(by) && line.command === command);
    return own.find(({ line }) => !noted.has(line))?.line;
  };

  const run = async ({ at, by = at, data, ...wanted }: SeedCommand, id: string): Promise<string> => {
    const { channel, module, command } = wanted;
    const request = { channel, module, command, id, actor: did(by), data: data as JsonValue };
    return (await hostOf(at).run(request)).line;
  };

  /** @throws what refuses it for good, after it was logged: what may come is tried again */
  const assertMayCome = (error: unknown, step: string, tries: number): void => {
    if (!mayCome(error) || tries === TRIES) {
      logger.error('scenario_step_refused', { step, cause: isAppError(error) ? error.code : 'failed' });
      throw error;
    }
    logger.debug('scenario_step_waits', { step, code: error.code });
  };

  /** @param isAgain whether it may have been run already */
  const untilRun = async (step: string, wanted: SeedCommand, id: string, isAgain: boolean) => {
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted();
      try {
        const before = isAgain || tries > 1 ? await written(wanted, id) : undefined;
        return before ?? (await run(wanted, id));
      } catch (error) {
        assertMayCome(error, step, tries);
      }
      await pause();
    }
  };

  /** @throws where one of those who are told does not get it in time */
  const untilTold = async (step: string, wanted: SeedCommand, id: string, line: string): Promise<void> => {
    for (const at of wanted.told ?? []) {
      // A line stands on the ledger before its content is here.
      const isHere = ({ line: here, payload }: HistoryEntry) => here === line && payload !== 'missing';
      for (let tries = 1; !(await linesAt(at, wanted, id)).some(isHere); tries += 1) {
        signal.throwIfAborted();
        if (tries === TRIES) {
          logger.error('scenario_step_not_told', { step, to: at });
          throw fail('provisioning_refused', { field: step });
        }
        await pause();
      }
    }
  };

  return {
    did,
    who,
    async once(step, wanted) {
      const done = textAt(DONE, step);
      if (done !== undefined) return objectIn(done);
      const begun = textAt(BEGUN, step);
      const id = wanted.id ?? begun ?? toHex(random.bytes(16));
      if (begun === undefined) await note(BEGUN, step, id);
      const line = await untilRun(step, wanted, id, begun !== undefined);
      await untilTold(step, wanted, id, line);
      await note(DONE, step, `${id} ${line}`);
      return id;
    },
  };
}

const objectIn = (done: string): string => done.split(' ')[0] ?? '';
const lineIn = (done: string): string | undefined => done.split(' ')[1];

/** What this party has not been told of yet is not there. */
function nothingThere(error: unknown): readonly never[] {
  if (isAppError(error) && ['not_found', 'permission_denied'].includes(error.code)) return [];
  throw error;
}

/** A key, credential or payload of another party may still be on its way to this node; what is malformed stays so. */
const mayCome = (error: unknown): error is AppError =>
  isAppError(error) && error.kind !== 'bad-input' && error.kind !== 'internal';

/** A credential that `at` gives by hand to somebody who acts at the node of `to`. */
export const credential = (
  { at, to, channel }: { readonly at: string; readonly to: string; readonly channel: string },
  data: {
    readonly type: string;
    readonly subject: string;
    readonly keeper?: string;
    readonly claims: object;
  },
): SeedCommand => ({
  ...{ at, channel, module: 'host.credential@1', command: 'issue', data },
  told: at === to ? [] : [to],
});
