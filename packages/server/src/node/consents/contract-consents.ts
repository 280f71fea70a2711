import { type Clock, isAppError, type Random, toHex, unixSeconds } from '@attestel/core';
import { MAX_VALIDITY_SECONDS } from '@attestel/ledger';
import type { Choice, ConsentStore } from '@attestel/oidc-bridge';
import { MAIN_CHANNEL } from '@attestel/registry';
import { type ContractHost, createKeyedLock } from '@attestel/scenarios';
import { fail } from '../../errors.ts';
import {
  type ConsentEntries,
  type ConsentEntriesOptions,
  type ConsentEntry,
  openConsentEntries,
} from './consent-entries.ts';
import {
  type ConsentState,
  captureOf,
  isLive,
  type LiveConsent,
  rememberedOf,
  saysAlready,
  standingConsent,
} from './consent-object.ts';

/** Of one person at one app, taken back while nobody knew whether they came to be. More are not begun. */
const MAX_DROPPED = 8;
/** New consents of one person at one app: minds change, but each change stands on every node for ever. */
const MAX_BEGUN_PER_HOUR = 10;
const OBJECTS = { channel: MAIN_CHANNEL, module: 'data.consent@1' } as const;

export interface ContractConsentsOptions extends ConsentEntriesOptions {
  readonly host: Pick<ContractHost, 'run' | 'get'>;
  readonly ledger: { head(): { readonly time: number } };
  /** Whose host it is: the bridge. */
  readonly did: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Where the bridge keeps data, and whose law applies. */
  readonly jurisdiction: string;
}

/**
 * Consents of sign-ins as objects of `data.consent` at the contract host of the bridge. Their state there is the only
 * truth; the store has the ids under which to look, sealed, since the ledger shows what happened to which id. An id
 * is durable before its object is begun, so that a crash loses none.
 */
export async function createContractConsents(options: ContractConsentsOptions): Promise<ConsentStore> {
  const parts: Parts = {
    ...options,
    entries: await openConsentEntries(options),
    objects: consentObjects(options),
  };
  const { entries, objects } = parts;
  const lock = createKeyedLock();
  const alone = <T>(account: string, clientId: string, work: () => Promise<T>): Promise<T> =>
    lock.run([`${account}\0${clientId}`], work);
  const newest = async (entry: ConsentEntry): Promise<LiveConsent | undefined> =>
    (await objects.look(entry)).live.at(-1);
  return {
    async find(account, clientId) {
      const entry = entries.read(account, clientId);
      const live = entry && (await newest(entry));
      return live && rememberedOf(live.state);
    },
    save: (account, clientId, choice) =>
      alone(account, clientId, () =>
        // Meanwhile one whose outcome nobody knew may have come to be, or the one to be replaced may have ended.
        save(parts, account, { clientId, choice }).catch((error: unknown) => {
          if (!isCode(error, 'already_exists') && !isCode(error, 'conflict')) throw error;
          return save(parts, account, { clientId, choice });
        }),
      ),
    remove: (account, clientId) => alone(account, clientId, () => remove(parts, account, clientId)),
    async list(account) {
      const found = await Promise.all(
        entries.of(account).map(async (entry) => {
          const live = await newest(entry);
          return live ? [standingConsent(entry.clientId, live)] : [];
        }),
      );
      return found.flat().sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
    },
  };
}

interface Parts extends ContractConsentsOptions {
  readonly entries: ConsentEntries;
  readonly objects: ReturnType<typeof consentObjects>;
}

async function save(
  { entries, objects, clock, random }: Parts,
  account: string,
  { clientId, choice }: { readonly clientId: string; readonly choice: Choice },
): Promise<void> {
  const entry = entries.read(account, clientId) ?? { clientId, ids: [], dropped: [], begun: [] };
  const now = unixSeconds(clock);
  const { live, open } = await objects.look(entry);
  const before = live.at(-1);
  if (before && saysAlready(before.state, choice, now)) return;
  const recent = entry.begun.filter((at) => at > now - 3600);
  if (recent.length >= MAX_BEGUN_PER_HOUR) throw fail('consent_changed_too_often');
  const dropped = await objects.unsettled(entry);
  if (dropped.length >= MAX_DROPPED) throw fail('consents_unsettled');
  const id = open[0] ?? toHex(random.bytes(16));
  const ids = [...new Set([...live.map((one) => one.id), ...open, id])];
  await entries.write(account, { ...entry, ids, dropped, begun: [...recent, now] });
  await objects.begin(id, { clientId, choice, replaces: before?.id });
}

async function remove(
  { entries, objects, ledger, clock }: Parts,
  account: string,
  clientId: string,
): Promise<void> {
  const entry = entries.read(account, clientId);
  if (!entry) return;
  const { live, open } = await objects.look(entry);
  if (open.length > 0) {
    const ids = entry.ids.filter((id) => !open.includes(id));
    // The ledger takes no line that is good for longer, whatever host prepared it.
    const until = Math.max(unixSeconds(clock), ledger.head().time) + MAX_VALIDITY_SECONDS;
    const dropped = [...entry.dropped, ...open.map((id) => ({ id, until }))];
    await entries.write(account, { ...entry, ids, dropped });
  }
  for (const { id } of live) await objects.end(id);
  for (const id of open) await objects.endIfBegun(id);
}

const isCode = (error: unknown, code: string): boolean => isAppError(error) && error.code === code;

/** What is asked of the host. */
function consentObjects({ host, ledger, did, clock, jurisdiction }: ContractConsentsOptions) {
  /** `gone`: all that was kept of it was erased. */
  async function stateOf(id: string): Promise<ConsentState | 'gone' | undefined> {
    try {
      const { state } = await host.get({ ...OBJECTS, id, reader: { actor: did } });
      return state as unknown as ConsentState;
    } catch (error) {
      if (isCode(error, 'not_found')) return undefined;
      if (isCode(error, 'gone')) return 'gone';
      throw error;
    }
  }
  async function end(id: string): Promise<void> {
    await host.run({ ...OBJECTS, command: 'revoke', actor: did, id, data: {} }).catch((error: unknown) => {
      // Somebody else has just ended it.
      if (!isCode(error, 'conflict')) throw error;
    });
  }
  async function liveOf(ids: readonly string[]): Promise<{ live: LiveConsent[]; open: string[] }> {
    const [live, open]: [LiveConsent[], string[]] = [[], []];
    for (const id of ids) {
      const state = await stateOf(id);
      if (!state) open.push(id);
      else if (state !== 'gone' && isLive(state, unixSeconds(clock))) live.push({ id, state });
    }
    return { live, open };
  }
  async function endIfBegun(id: string): Promise<void> {
    await end(id).catch((error: unknown) => {
      if (!isCode(error, 'not_found')) throw error;
    });
  }
  return {
    end,
    endIfBegun,
    /** Of what was dropped all that may still come to be; what came is ended. */
    async unsettled({ dropped }: ConsentEntry): Promise<ConsentEntry['dropped']> {
      const left: ConsentEntry['dropped'] = [];
      for (const one of dropped) {
        const state = await stateOf(one.id);
        if (!state && ledger.head().time <= one.until) left.push(one);
        // Not there: taken by the ledger, or never to be. A command has the host find out which before it is answered.
        else if (!state || (state !== 'gone' && isLive(state, unixSeconds(clock)))) await endIfBegun(one.id);
      }
      return left;
    },
    /** In force now, oldest first; and not begun, or not known to be yet. What was dropped and came late is ended. */
    async look({
      ids,
      dropped,
    }: ConsentEntry): Promise<{ live: readonly LiveConsent[]; open: readonly string[] }> {
      for (const { id } of (await liveOf(dropped.map((one) => one.id))).live) await end(id);
      return liveOf(ids);
    },
    async begin(
      id: string,
      asked: Pick<Parameters<typeof captureOf>[0], 'clientId' | 'choice' | 'replaces'>,
    ): Promise<void> {
      const now = unixSeconds(clock);
      const data = captureOf({ ...asked, controller: did, jurisdiction, now });
      await host.run({ ...OBJECTS, command: 'capture', actor: did, id, data });
    },
  };
}
