import { setImmediate } from 'node:timers/promises';
import type { IssuedEntry, IssuedRegister } from '../../ca/issued-register.ts';
import type { Pki } from '../../types.ts';
import { type LedgerSourceOptions, statusOf } from '../ledger-sources.ts';
import type { CrlSource } from './crl.endpoint.ts';
import type { CrlEntry } from './write-crl.ts';

const CERTIFICATE_HOLD = 6;
const CESSATION_OF_OPERATION = 5;
/** An entry stays for a day beyond its certificate, so that it is on one list at least after it (RFC 5280 §3.3). */
const KEPT_SECONDS = 86_400;
/** Certificates looked at before others have their turn. */
const SLICE = 500;

type PkiReads = Pick<Pki, 'checkHash' | 'statusVersion' | 'trustVersion' | 'now'>;

/**
 * What the ledger says of the certificates that a CA has issued, suspensions of batches and anchors too; and those that
 * were handed out and never published.
 */
export function ledgerCrlSource(
  pki: PkiReads,
  register: IssuedRegister,
  { asOf = () => pki.now() }: LedgerSourceOptions = {},
): CrlSource {
  /** Undefined for what is good, and for what may still be published. */
  const entryOf = ({ hash, serial, deadline }: IssuedEntry): CrlEntry | undefined => {
    const answer = pki.checkHash(hash);
    if (answer.verdict === 'unknown')
      return deadline <= asOf() ? { serial, since: deadline, reason: CESSATION_OF_OPERATION } : undefined;
    const status = statusOf(answer);
    if (!status || status.state === 'published') return undefined;
    const reason = status.state === 'suspended' ? CERTIFICATE_HOLD : status.reason;
    return { serial, since: status.since, reason };
  };
  return {
    async withdrawn(issuerName) {
      const entries: CrlEntry[] = [];
      const issued = [...register.of(issuerName)];
      for (const [number, one] of issued.entries()) {
        if (number % SLICE === SLICE - 1) await setImmediate();
        const entry = one.notAfter + KEPT_SECONDS < asOf() ? undefined : entryOf(one);
        if (entry) entries.push(entry);
      }
      return entries;
    },
    version: () => pki.statusVersion() + pki.trustVersion(),
    asOf,
  };
}
