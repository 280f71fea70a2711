import { type Bytes, type Clock, equalBytes, type Signer, toHex, unixSeconds } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { parseCertificate } from '@attestel/x509';
import { nonceFor } from '../../build/commitments.ts';
import type { CertificateAuthority } from '../../ca/authority.ts';
import type { IssuedRegister } from '../../ca/issued-register.ts';
import type { SubmittedItem } from '../../module/attachment.schema.ts';
import { sha256 } from '../../sha256.ts';
import type { Pki } from '../../types.ts';
import { createCaEnrolment } from '../ca-enrolment.ts';
import { CONFIRMATION_SECONDS } from '../cmp/server.ts';
import type { Enrolment, EnrolmentRequest, Grant, Issued } from '../enrolment.ts';
import { fail } from '../errors.ts';
import type { Publisher } from '../json/publisher.ts';
import { type EnrolmentProfile, says } from './enrolment-profile.ts';
import { createEnrolmentRules, type EnrolmentRules } from './enrolment-rules.ts';
import { challengeBehind, publishIssued } from './publish-issued.ts';
import { takeBack } from './take-back.ts';

export interface LedgerEnrolmentOptions {
  readonly authority: CertificateAuthority;
  /** DER of the CAs above it, its issuer first. */
  readonly above?: readonly Bytes[];
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
  const { authority, above = [], register, pki, publisher, ledger, clock } = options;
  const { did } = publisher;
  const { network } = ledger;
  const anchor = sha256(authority.certificate);
  const rules = createEnrolmentRules({ ...options, did, anchor });
  const publishing = { network, pki, publisher, rules, anchor };
  const nonce = async (): Promise<Bytes> => {
    const { id: challenge } = await publisher.challenge();
    return nonceFor({ network, challenge, submitter: did });
  };
  const enrolment = createCaEnrolment({
    ...{ authority, above, nonce },
    authorise: async (request) => rules.grant(request),
    publish: (issued, confirmation) => publishIssued(issued, evidenceOf(issued, confirmation), publishing),
    // By the time of the state, so that the next revocation list has it.
    discard: ({ certificate }) => register.giveUp(certificate, pki.now()),
    revoke: (request) => takeBack(request, { ...options, did, rules }),
  });
  return {
    ...enrolment,
    challengePassword: async () => toHex(await nonce()),
    async issue(request, grant) {
      if (request.protocol === 'est') assertProves(request, publishing);
      const published = publishedBefore(request, grant, options);
      if (published) {
        const chain = [authority.certificate, ...above];
        return { certificate: published, chain, request, grant, nonce: await nonce() };
      }
      rules.replaced(request.requester);
      const issued = await enrolment.issue(request, grant);
      const certificate = rules.publishable(issued.certificate, request);
      await register.add(certificate, unixSeconds(clock) + CONFIRMATION_SECONDS);
      return issued;
    },
  };
}

function evidenceOf(
  { request: { protocol, message } }: Issued,
  confirmation: Bytes | undefined,
): SubmittedItem['possession'] {
  if (protocol === 'est') return { certificationRequest: message };
  if (!confirmation) throw fail('enrol_unconfirmed');
  return { request: message, confirmation };
}

/** Before anything is issued for it: whether validators would take an EST request as a proof. */
function assertProves(
  { wanted, requester }: EnrolmentRequest,
  publishing: Parameters<typeof challengeBehind>[1] & { readonly rules: EnrolmentRules },
): void {
  // What TLS showed is this node's word alone; the vendor's own is that the device is for this operator.
  if (requester.kind === 'vendor' && !publishing.rules.isDelivered(requester.certificate))
    throw fail('enrol_origin_unproven');
  if (!challengeBehind(wanted.challengePassword, publishing)) throw fail('est_challenge');
}

/** The good certificate of the key that is asked for, where it says what would be granted now. */
function publishedBefore(
  { wanted, requester }: EnrolmentRequest,
  grant: Grant,
  { register, pki }: Pick<LedgerEnrolmentOptions, 'register' | 'pki'>,
): Bytes | undefined {
  const certificate = register.ofKey(wanted.spki);
  if (!certificate || pki.check(certificate).verdict !== 'good') return undefined;
  // A renewal by the same key is none, and shall not look like one.
  const isShown = requester.kind !== 'account' && equalBytes(certificate, requester.certificate.der);
  return !isShown && says(parseCertificate(certificate), grant) ? certificate : undefined;
}
