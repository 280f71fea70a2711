import { type Clock, type Signer, type Store, unixSeconds } from '@attestel/core';
import { createStatusList, setStatus, signStatusListToken } from '@attestel/credentials';
import { statusList, statusLists, statusValues } from './status-store.ts';

/** Seconds a verifier may keep a token (Token Status List §13.7); also the age at which it is renewed. */
export const STATUS_TTL_SECONDS = 30;
/** A token nobody renews is over soon after: an issuer that is down cannot vouch for anybody. */
const LIFETIME_SECONDS = 120;
/** Renewed before it is due, so that what is served always has some of its ttl left. */
const RENEW_AFTER_SECONDS = 15;

export interface PublishedList {
  readonly token: string;
  /** Seconds it may still be cached. */
  readonly maxAge: number;
}

/** Signs status list tokens and serves them from memory. */
export interface StatusPublisher {
  /** URIs of all lists, the not yet used one included. */
  uris(): string[];
  uri(no: number): string;
  /** @returns undefined when there is no such list */
  token(no: number): Promise<PublishedList | undefined>;
  /** To be called after a change is durable: old tokens are not served any more. */
  changed(lists: Iterable<number>): void;
  /** Renews every token that is due. */
  renew(): Promise<void>;
}

interface Signed {
  readonly iat: number;
  readonly revision: number;
  readonly token: Promise<string>;
}

export function createStatusPublisher(options: {
  readonly issuerUrl: string;
  readonly party: { readonly kid: string; readonly x5c: readonly Uint8Array[] };
  readonly signer: Signer;
  readonly store: Store;
  readonly clock: Clock;
}): StatusPublisher {
  const { store, clock } = options;
  const signed = new Map<number, Signed>();
  const revisions = new Map<number, number>();
  const revisionOf = (no: number): number => revisions.get(no) ?? 0;
  const uri = (no: number): string => `${options.issuerUrl}/status-lists/${no}`;

  /** One signature at a time per list and revision: requests in between wait for the same one. */
  const current = (no: number, size: number): Signed => {
    const now = unixSeconds(clock);
    const known = signed.get(no);
    const age = now - (known?.iat ?? 0);
    if (known?.revision === revisionOf(no) && age >= 0 && age < RENEW_AFTER_SECONDS) return known;
    const token = sign({ ...options, no, size, uri: uri(no), iat: now });
    const fresh = { iat: now, revision: revisionOf(no), token };
    signed.set(no, fresh);
    // A failed signature is not kept; whoever waits for it gets the error.
    token.catch(() => signed.get(no) === fresh && signed.delete(no));
    return fresh;
  };

  return {
    uri,
    uris: () => statusLists(store).map((list) => uri(list.no)),
    async token(no) {
      const list = statusList(store, no);
      if (list === undefined) return undefined;
      const { token, iat } = current(no, list.size);
      const age = Math.max(0, unixSeconds(clock) - iat);
      return { token: await token, maxAge: Math.max(0, STATUS_TTL_SECONDS - age) };
    },
    changed(lists) {
      for (const no of lists) revisions.set(no, revisionOf(no) + 1);
    },
    async renew() {
      await Promise.all(statusLists(store).map((list) => current(list.no, list.size).token));
    },
  };
}

function sign(request: {
  readonly no: number;
  readonly size: number;
  readonly uri: string;
  readonly iat: number;
  readonly party: { readonly kid: string; readonly x5c: readonly Uint8Array[] };
  readonly signer: Signer;
  readonly store: Store;
}): Promise<string> {
  const { iat, uri, party, signer } = request;
  const list = createStatusList({ size: request.size, bits: 2 });
  for (const [index, value] of statusValues(request.store, request.no)) setStatus(list, index, value);
  const times = { iat, ttl: STATUS_TTL_SECONDS, exp: iat + LIFETIME_SECONDS };
  return signStatusListToken({ uri, list, kid: party.kid, x5c: party.x5c, signer, ...times });
}
