import { type Bytes, utf8 } from '@attestel/core';
import { sectionsIn, textIn, type ViciSection } from './vici/message.ts';
import type { ViciClient } from './vici/vici-client.ts';

/** An IKE security association that is up. */
export interface IkeSa {
  /** Unique while the daemon runs. */
  readonly id: string;
  /** What the peer said it is, in the daemon's words: a name, an address or a distinguished name. */
  readonly peer: string;
}

/** What a gateway's agent needs of the IKE daemon beside it. */
export interface IkeDaemon {
  established(): Promise<readonly IkeSa[]>;
  /** DER of each end-entity certificate for this peer that the daemon has seen since it last forgot. */
  certificatesOf(peer: string): Promise<readonly Bytes[]>;
  /** Forgets peers' certificates; those of its own stay. */
  forgetCertificates(): Promise<void>;
  /** Ends a security association with its tunnels, at once. */
  terminate(id: string): Promise<void>;
  /** Told when one comes up or goes. */
  onChange(listener: () => void): Promise<void>;
}

/** strongSwan's charon over vici (5.9 and later). */
export function createStrongSwan(client: ViciClient): IkeDaemon {
  return {
    async established() {
      const events = await client.list('list-sas', 'list-sa');
      return events.flatMap((event) => sectionsIn(event).flatMap(([, sa]) => toSa(sa)));
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
    onChange: (listener) => client.listen('ike-updown', () => listener()),
  };
}

function toSa(sa: ViciSection): readonly IkeSa[] {
  const [id, peer, state] = ['uniqueid', 'remote-id', 'state'].map((key) => textIn(sa, key));
  return state === 'ESTABLISHED' && id !== undefined && peer !== undefined ? [{ id, peer }] : [];
}
