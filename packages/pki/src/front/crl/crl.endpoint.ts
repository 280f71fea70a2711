import { type Clock, type HttpResponse, type Route, toHex, unixSeconds } from '@attestel/core';
import type { CertificateAuthority } from '../../ca/authority.ts';
import { fail } from '../errors.ts';
import { type CrlEntry, writeCrl } from './write-crl.ts';

/** What is withdrawn under one issuer, as CRLs list it; suspended ones as certificateHold. */
export interface CrlSource {
  withdrawn(issuerName: Uint8Array): Iterable<CrlEntry>;
  /** Changes with every status event; CRLs carry it as their number. */
  version(): number;
  /** Unix seconds of the state. */
  asOf(): number;
}

export interface CrlRoutesOptions {
  readonly source: CrlSource;
  readonly authorities: readonly Pick<CertificateAuthority, 'name' | 'keyId' | 'key'>[];
  readonly clock: Clock;
  /** Seconds from a CRL to its nextUpdate. */
  readonly validity?: number;
  readonly path?: string;
}

/**
 * CRLs over HTTP (RFC 5280 §4.2.1.13), one an authority, by the hex of its key identifier. A list is written
 * when it is asked for and kept until the ledger moves on or half its time is over.
 */
export function crlRoutes({ source, authorities, clock, ...options }: CrlRoutesOptions): Route[] {
  const { validity = 3600, path = '/crl' } = options;
  const lists = new Map(
    authorities.map((authority) => [`${toHex(authority.keyId)}.crl`, createList(authority)]),
  );

  function createList(authority: CrlRoutesOptions['authorities'][number]) {
    let kept: { version: number; renewAt: number; list: Promise<Uint8Array> } | undefined;
    return (): Promise<Uint8Array> => {
      const now = unixSeconds(clock);
      const version = source.version();
      if (kept?.version !== version || now >= kept.renewAt) {
        const list = writeCrl(
          {
            ...{ issuer: authority.name, authorityKeyId: authority.keyId, number: numberOf(now, version) },
            ...{ thisUpdate: Math.min(now, source.asOf()), nextUpdate: now + validity },
            entries: source.withdrawn(authority.name),
          },
          authority.key,
        );
        kept = { version, renewAt: now + validity / 2, list };
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
