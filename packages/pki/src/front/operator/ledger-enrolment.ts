import { type Bytes, type Clock, type Signer, toHex, unixSeconds } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { parseCertificate } from '@attestel/x509';
import { nonceFor } from '../../build/commitments.ts';
import type { CertificateAuthority } from '../../ca/authority.ts';
import type { IssuedRegister } from '../../ca/issued-register.ts';
import { sha256 } from '../../sha256.ts';
import type { Pki } from '../../types.ts';
import { createCaEnrolment } from '../ca-enrolment.ts';
import { CONFIRMATION_SECONDS } from '../cmp/server.ts';
import type { Enrolment, EnrolmentRequest, Grant } from '../enrolment.ts';
import { fail } from '../errors.ts';
import type { Publisher } from '../json/publisher.ts';
import { type EnrolmentProfile, says } from './enrolment-profile.ts';
import { createEnrolmentRules } from './enrolment-rules.ts';
import { challengeBehind, publishIssued } from './publish-issued.ts';
import { takeBack } from './take-back.ts';

export interface LedgerEnrolmentOptions {
  readonly authority: CertificateAuthority;
  /** DER of the CAs above it, its issuer first. */
  readonly above?: readonly Bytes[];
  /** DER of further CAs that devices shall trust under a label. */
  readonly related?: (label: string | undefined) => readonly Bytes[];
  readonly register: IssuedRegister;
  readonly profiles: Readonly<Record<string, EnrolmentProfile>>;
  /** Stands in the subjects of what is issued. */
  readonly organization: string;
  readonly ledger: Ledger;
  readonly pki: Pki;
  /** Of the member whose CA this is. */
  readonly publisher: Publisher;
  /** The member's ledger key. */
  readonly signer: Signer;
  readonly tokenKey: Bytes;
  readonly clock: Clock;
}

/**
 * Enrolment at an operator's own CA, on the ledger: what is issued is published before the device is told that it has
 * it, what a device gives back is revoked. Whoever proves possession of a key that is published already gets the
 * certificate of that key again, so an answer that was lost is asked for once more.
 */
export function createLedgerEnrolment(options: LedgerEnrolmentOptions): Enrolment {
  const { authority, register, pki, publisher, ledger, clock } = options;
  const { did } = publisher;
  const anchor = sha256(authority.certificate);
  const rules = createEnrolmentRules({ ...options, did, anchor });
  const publishing = { network: ledger.network, pki, publisher, rules, anchor };
  const nonce = async (): Promise<Bytes> => {
    const { id: challenge } = await publisher.challenge();
    return nonceFor({ network: ledger.network, challenge, submitter: did });
  };
  const { above = [], related = () => [] } = options;
  const enrolment = createCaEnrolment({
    ...{ authority, above, related, nonce },
    authorise: async (request) => rules.grant(request),
    publish: async (issued, confirmation) => {
      const { message, protocol } = issued.request;
      if (protocol === 'est') return publishIssued(issued, { certificationRequest: message }, publishing);
      if (!confirmation) throw fail('enrol_unconfirmed');
      return publishIssued(issued, { request: message, confirmation }, publishing);
    },
    discard: ({ certificate }) => register.giveUp(certificate, unixSeconds(clock)),
    revoke: (request) => takeBack(request, { ...options, did, rules }),
  });
  /** Before anything is issued: what no validator would take is not begun. */
  const assertFresh = ({ wanted, requester }: EnrolmentRequest): void => {
    if (requester.kind === 'vendor') throw fail('enrol_origin_unproven');
    if (!challengeBehind(wanted.challengePassword, publishing)) throw fail('est_challenge');
  };
  const known = (request: EnrolmentRequest, grant: Grant): Bytes | undefined => {
    const certificate = register.ofKey(request.wanted.spki);
    if (!certificate || pki.check(certificate).verdict !== 'good') return undefined;
    return says(parseCertificate(certificate), grant) ? certificate : undefined;
  };
  return {
    ...enrolment,
    challengePassword: async () => toHex(await nonce()),
    async issue(request, grant) {
      if (request.protocol === 'est') assertFresh(request);
      const certificate = known(request, grant);
      if (certificate) {
        const chain = [authority.certificate, ...above];
        return { certificate, chain, request, grant, nonce: await nonce() };
      }
      rules.replaced(request.requester);
      const issued = await enrolment.issue(request, grant);
      rules.assertPublishable(issued.certificate, request);
      await register.add(issued.certificate, unixSeconds(clock) + CONFIRMATION_SECONDS);
      return issued;
    },
  };
}
