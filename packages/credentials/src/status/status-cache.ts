import { type Clock, isAppError, type Logger, unixSeconds } from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import type { Issuer, Registry } from '@attestel/registry';
import { fail } from '../errors.ts';
import { parseStrictObject } from '../jose/strict-json.ts';
import { createIssuerKeys } from '../trust/issuer-keys.ts';
import { issuerOfUrl } from '../trust/issuer-of-url.ts';
import { type Fetch, fetchText } from './fetch-text.ts';
import { getStatus, STATUS } from './status-list.ts';
import {
  MAX_TOKEN_CHARS,
  STATUS_LIST_TYP,
  type VerifiedStatusList,
  verifyStatusListToken,
} from './status-list-token.ts';

export type CredentialStatus = 'valid' | 'invalid' | 'suspended' | 'sim-changed' | 'unknown-list' | 'stale';

export interface StatusCacheOptions {
  readonly fetch: Fetch;
  readonly registry: Pick<Registry, 'issuer' | 'issuers' | 'trustAnchors'>;
  readonly resolver: DidResolver;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly refreshSeconds?: number;
  readonly maxAgeSeconds?: number;
  readonly fetchTimeoutMs?: number;
}

export interface StatusCache {
  /** Refreshes now and then every `refreshSeconds` until stopped. */
  start(): void;
  stop(): void;
  /** One refresh of all lists; a call during a refresh waits for that one. */
  refreshNow(): Promise<void>;
  /** Answers from memory: a login never makes anybody fetch anything. */
  status(uri: string, idx: number): CredentialStatus;
}

interface CachedList extends VerifiedStatusList {
  readonly token: string;
  /** When the issuer last answered with it. */
  readonly seenAt: number;
}

const MAX_LISTS_PER_ISSUER = 64;
/** An issuer that is slow about one list after the other loses its turn; the others' lists must not grow stale. */
const TIMEOUTS_PER_ROUND = 2;
const MAX_AGGREGATION_BYTES = 64 * 1024;

/**
 * Keeps the status lists of all accredited issuers fresh in the background. Issuers see one poll for
 * everyone and nothing of who signs in where. What is older than `maxAgeSeconds` counts for nothing.
 */
export function createStatusCache(options: StatusCacheOptions): StatusCache {
  const { registry, clock, refreshSeconds = 30, maxAgeSeconds = 60 } = options;
  const lists = new Map<string, CachedList>();
  const refresher = createRefresher(options, lists);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort = new AbortController();
  let started = false;
  let running: Promise<void> | undefined;

  const refreshNow = (): Promise<void> => {
    running ??= refresher(abort.signal).finally(() => {
      running = undefined;
    });
    return running;
  };
  const loop = async (signal: AbortSignal): Promise<void> => {
    await refreshNow().catch(() => options.logger.error('status.refresh_failed'));
    if (signal.aborted) return;
    timer = setTimeout(() => void loop(signal), refreshSeconds * 1000);
    timer.unref();
  };
  return {
    start() {
      if (started) return;
      started = true;
      if (abort.signal.aborted) abort = new AbortController();
      void loop(abort.signal);
    },
    stop() {
      started = false;
      abort.abort();
      clearTimeout(timer);
    },
    refreshNow,
    status(uri, idx) {
      const list = lists.get(uri);
      // The owner is asked again: a suspended issuer's lists say nothing, nor do those of a new owner.
      if (!list || registry.issuer(list.issuerDid)?.status !== 'active') return 'unknown-list';
      const now = unixSeconds(clock);
      if (now - list.seenAt > maxAgeSeconds || now >= list.validUntil) return 'stale';
      const known = Number.isSafeInteger(idx) && idx >= 0 && idx < list.list.size;
      return known ? nameOf(getStatus(list.list, idx)) : 'invalid';
    },
  };
}

/** Values this verifier does not know are no reason to let anybody in. */
function nameOf(status: number): CredentialStatus {
  if (status === STATUS.valid) return 'valid';
  if (status === STATUS.suspended) return 'suspended';
  return status === STATUS.simChanged ? 'sim-changed' : 'invalid';
}

function createRefresher(options: StatusCacheOptions, lists: Map<string, CachedList>) {
  const { registry, clock, logger, maxAgeSeconds = 60 } = options;
  const findKey = createIssuerKeys(options);
  const timeoutMs = options.fetchTimeoutMs ?? 5_000;

  /** Token Status List §9.3: the issuer names its lists, so none is fetched because somebody shows up. */
  const listUris = async (issuer: Issuer, signal: AbortSignal): Promise<string[]> => {
    const limits = { accept: 'application/json', maxBytes: MAX_AGGREGATION_BYTES, timeoutMs, signal };
    const base = issuer.issuerUrl.replace(/\/$/, '');
    const { status_lists: uris } = parseStrictObject(
      await fetchText(options.fetch, `${base}/status-lists`, limits),
    );
    if (!Array.isArray(uris) || uris.length > MAX_LISTS_PER_ISSUER) throw fail('status_list_malformed');
    for (const uri of uris) {
      const owner = typeof uri === 'string' ? issuerOfUrl(registry, uri) : undefined;
      if (owner?.did !== issuer.did) throw fail('status_list_not_issuers');
    }
    return [...new Set(uris as string[])];
  };

  const refreshList = async (issuer: Issuer, uri: string, signal: AbortSignal): Promise<void> => {
    const limits = { accept: `application/${STATUS_LIST_TYP}`, maxBytes: MAX_TOKEN_CHARS, timeoutMs, signal };
    const token = await fetchText(options.fetch, uri, limits);
    const known = lists.get(uri);
    const now = unixSeconds(clock);
    if (known?.token === token && known.issuerDid === issuer.did && now < known.validUntil) {
      lists.set(uri, { ...known, seenAt: now });
      return;
    }
    const verified = await verifyStatusListToken({ token, uri, clock, findKey });
    if (verified.issuerDid !== issuer.did) throw fail('status_list_not_issuers');
    // Going back would undo a revocation.
    if (known && known.issuerDid === issuer.did && verified.iat < known.iat) throw fail('status_list_older');
    lists.set(uri, { ...verified, token, seenAt: now });
  };

  const guarded = async (issuer: Issuer, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const code = isAppError(error) ? error.code : 'unexpected';
      logger.warn('status.refresh_failed', { issuer: issuer.did, code });
    }
  };

  return async (signal: AbortSignal): Promise<void> => {
    const active = registry.issuers().filter(({ status }) => status === 'active');
    const named = new Set<string>();
    const answered = new Set<string>();
    const refreshIssuer = (issuer: Issuer) =>
      guarded(issuer, async () => {
        const turn = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUTS_PER_ROUND * timeoutMs)]);
        const uris = await listUris(issuer, turn);
        for (const uri of uris) named.add(uri);
        answered.add(issuer.did);
        // One after the other: an issuer with many lists shall not crowd out the rest.
        for (const uri of uris) {
          if (turn.aborted) throw fail('status_fetch_failed');
          await guarded(issuer, () => refreshList(issuer, uri, turn));
        }
      });
    await Promise.all(active.map(refreshIssuer));
    const now = unixSeconds(clock);
    for (const [uri, list] of lists) {
      // An issuer that names other lists each time must not fill the memory with valid ones nobody confirms.
      const isDropped = answered.has(list.issuerDid) && now - list.seenAt > maxAgeSeconds;
      if (!named.has(uri) && (isDropped || now >= list.validUntil)) lists.delete(uri);
    }
  };
}
