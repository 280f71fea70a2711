import { setImmediate } from 'node:timers/promises';
import type { IssuedRegister } from '../../ca/issued-register.ts';
import type { Pki } from '../../types.ts';
import { statusOf } from '../ledger-sources.ts';
import type { CrlSource } from './crl.endpoint.ts';
import type { CrlEntry } from './write-crl.ts';

const CERTIFICATE_HOLD = 6;
/** An entry stays for a day beyond its certificate, so that it is on one list at least after it (RFC 5280 §3.3). */
const KEPT_SECONDS = 86_400;
/** Certificates looked at before others have their turn. */
const SLICE = 500;

type PkiReads = Pick<Pki, 'checkHash' | 'statusVersion' | 'trustVersion' | 'now'>;

/** What the ledger says of the certificates that a CA has issued, suspensions of batches and anchors too. */
export function ledgerCrlSource(pki: PkiReads, register: IssuedRegister): CrlSource {
  return {
    async withdrawn(issuerName) {
      const entries: CrlEntry[] = [];
      const issued = [...register.of(issuerName)];
      for (const [number, { hash, serial, notAfter }] of issued.entries()) {
        if (number % SLICE === SLICE - 1) await setImmediate();
        if (notAfter + KEPT_SECONDS < pki.now()) continue;
        const status = statusOf(pki.checkHash(hash));
        // What was not published yet may still be; a list says only what was taken back.
        if (!status || status.state === 'published') continue;
        const reason = status.state === 'suspended' ? CERTIFICATE_HOLD : status.reason;
        entries.push({ serial, since: status.since, reason });
      }
      return entries;
    },
    version: () => pki.statusVersion() + pki.trustVersion(),
    asOf: () => pki.now(),
  };
}
