import { type Bytes, type Clock, type HttpResponse, type Route, toHex, unixSeconds } from '@attestel/core';
import type { CertificateAuthority } from '../../ca/authority.ts';
import { fail } from '../errors.ts';
import { type CrlEntry, writeCrl } from './write-crl.ts';

/** What is withdrawn under one issuer, as CRLs list it; suspended ones as certificateHold. */
export interface CrlSource {
  withdrawn(issuerName: Bytes): Promise<readonly CrlEntry[]>;
  /** Changes with every status event; CRLs carry it as their number. */
  version(): number;
  /** Unix seconds of the state. */
  asOf(): number;
}

type Authority = Pick<CertificateAuthority, 'name' | 'keyId' | 'key'>;

export interface CrlRoutesOptions {
  readonly source: CrlSource;
  readonly authorities: readonly Authority[];
  readonly clock: Clock;
  /** Seconds from a CRL to its nextUpdate. */
  readonly validity?: number;
  /** Seconds from one list to the next, however often the ledger moves on. */
  readonly minInterval?: number;
  readonly path?: string;
}

/**
 * CRLs over HTTP (RFC 5280 §4.2.1.13), one an authority, by the hex of its key identifier. A list is written
 * when it is asked for and kept until the ledger moves on or half its time is over.
 */
export function crlRoutes({ source, authorities, clock, ...options }: CrlRoutesOptions): Route[] {
  const { validity = 3600, minInterval = 5, path = '/crl' } = options;
  const lists = new Map(
    authorities.map((authority) => [`${toHex(authority.keyId)}.crl`, createList(authority)]),
  );

  const write = async (authority: Authority, now: number, version: number): Promise<Bytes> => {
    const thisUpdate = Math.min(now, source.asOf());
    const entries = await source.withdrawn(authority.name);
    const { name: issuer, keyId: authorityKeyId } = authority;
    const times = { thisUpdate, nextUpdate: now + validity };
    return writeCrl(
      { issuer, authorityKeyId, number: numberOf(now, version), ...times, entries },
      authority.key,
    );
  };

  function createList(authority: Authority) {
    let kept: { version: number; madeAt: number; list: Promise<Bytes> } | undefined;
    return (): Promise<Bytes> => {
      const now = unixSeconds(clock);
      const version = source.version();
      const age = kept ? now - kept.madeAt : Number.POSITIVE_INFINITY;
      const isStale = age >= validity / 2 || (kept?.version !== version && age >= minInterval);
      if (!kept || isStale) {
        const list = write(authority, now, version);
        kept = { version, madeAt: now, list };
        // A key store that fails once is asked again.
        list.catch(() => {
          kept = undefined;
        });
      }
      return kept.list;
    };
  }

  return [
    {
      method: 'GET',
      path: `${path}/:file`,
      summary: 'Certificate revocation list of an authority',
      errors: 'problem',
      cors: true,
      handle: async ({ params }): Promise<HttpResponse> => {
        const list = lists.get(params.file ?? '');
        if (!list) throw fail('crl_unknown');
        const headers = {
          'content-type': 'application/pkix-crl',
          'cache-control': `max-age=${validity / 2}`,
        };
        return { status: 200, headers, body: await list() };
      },
    },
  ];
}

/** Grows with time and with the ledger, also where one list is renewed without any change. */
const numberOf = (now: number, version: number): number => now + version;
