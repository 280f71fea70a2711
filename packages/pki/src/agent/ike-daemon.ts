import { type Bytes, utf8 } from '@attestel/core';
import { sectionsIn, textIn, type ViciSection } from './vici/message.ts';
import type { ViciClient } from './vici/vici-client.ts';

/** An IKE security association that is up. */
export interface IkeSa {
  /** Unique while the daemon runs. */
  readonly id: string;
  /** What the peer said it is, in the daemon's words: a name, an address or a distinguished name. */
  readonly peer: string;
  /** Address that the peer comes from. */
  readonly address: string;
}

export type IkeChange =
  | { readonly kind: 'up'; readonly sas: readonly IkeSa[] }
  | { readonly kind: 'down'; readonly ids: readonly string[] }
  /** Goes on under another id: new keys for the same peer, which is not authenticated again. */
  | { readonly kind: 'rekeyed'; readonly from: string; readonly to: IkeSa };

/** What a gateway's agent needs of the IKE daemon beside it. */
export interface IkeDaemon {
  /** Those that are up, and how many are about to come up. */
  associations(): Promise<{ readonly up: readonly IkeSa[]; readonly coming: number }>;
  /** DER of each end-entity certificate for this peer that the daemon has seen since it last forgot. */
  certificatesOf(peer: string): Promise<readonly Bytes[]>;
  /** Forgets peers' certificates; those of its own stay. */
  forgetCertificates(): Promise<void>;
  /** Ends a security association with its tunnels, at once. */
  terminate(id: string): Promise<void>;
  /** Told when one comes up, goes, or is rekeyed. */
  onChange(listener: (change: IkeChange) => void): Promise<void>;
}

/** strongSwan's charon over vici (5.9 and later). */
export function createStrongSwan(client: ViciClient): IkeDaemon {
  return {
    async associations() {
      const events = await client.list('list-sas', 'list-sa');
      const all = events.flatMap((event) => sectionsIn(event).map(([, sa]) => sa));
      const coming = all.filter((sa) => textIn(sa, 'state') === 'CONNECTING').length;
      return { up: all.filter((sa) => textIn(sa, 'state') === 'ESTABLISHED').flatMap(toSa), coming };
    },
    async certificatesOf(peer) {
      const listed = await client.list('list-certs', 'list-cert', {
        type: 'X509',
        flag: 'NONE',
        subject: peer,
      });
      // A private key: the gateway's own certificate, should a peer bear its name.
      return listed.flatMap(({ data, has_privkey: own }) =>
        data instanceof Uint8Array && own === undefined ? [data] : [],
      );
    },
    async forgetCertificates() {
      await client.request('flush-certs', { type: 'X509' });
    },
    async terminate(id) {
      // Without waiting for the peer's agreement: a rogue would not give it.
      await client.request('terminate', { 'ike-id': utf8(id), force: 'yes', timeout: '-1' });
    },
    async onChange(listener) {
      await client.listen('ike-updown', (event) => {
        const sas = sectionsIn(event).flatMap(([, sa]) => toSa(sa));
        if (textIn(event, 'up') === 'yes') listener({ kind: 'up', sas });
        else listener({ kind: 'down', ids: sas.map(({ id }) => id) });
      });
      await client.listen('ike-rekey', (event) => {
        for (const [, sides] of sectionsIn(event)) {
          const [from, to] = ['old', 'new'].map((side) => {
            const section = sectionsIn(sides).find(([name]) => name === side)?.[1];
            return section && toSa(section)[0];
          });
          if (from && to) listener({ kind: 'rekeyed', from: from.id, to });
        }
      });
    },
  };
}

function toSa(sa: ViciSection): readonly IkeSa[] {
  const [id, peer, address = ''] = ['uniqueid', 'remote-id', 'remote-host'].map((key) => textIn(sa, key));
  return id !== undefined && peer !== undefined ? [{ id, peer, address }] : [];
}
