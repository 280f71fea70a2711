import { type Clock, type Signer, unixSeconds } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { buildPkiOperation } from '../../build/build-operation.ts';
import { fail as failPki } from '../../errors.ts';
import type { StatusReason } from '../../module/bodies.schema.ts';
import type { Pki } from '../../types.ts';
import type { RevocationRequest } from '../enrolment.ts';
import { fail } from '../errors.ts';
import type { EnrolmentRules } from './enrolment-rules.ts';

export interface TakeBackOptions {
  readonly ledger: Pick<Ledger, 'network' | 'submit'>;
  readonly pki: Pki;
  readonly did: string;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly rules: EnrolmentRules;
}

const CERTIFICATE_HOLD = 6;
/** Seconds of block time that the operation may wait. */
const OPERATION_SECONDS = 600;

/** The ledger's words for CRLReason (RFC 5280 §5.3.1). */
const REASONS: Readonly<Record<number, StatusReason>> = {
  0: 'unspecified',
  1: 'key-compromise',
  2: 'ca-compromise',
  3: 'affiliation-changed',
  4: 'unspecified',
  5: 'cessation-of-operation',
  [CERTIFICATE_HOLD]: 'unspecified',
  9: 'privilege-withdrawn',
  10: 'unspecified',
};

/**
 * Revokes on the ledger, or suspends where the reason is certificateHold; resolves when it is durable. A device takes
 * back what is its own: by that certificate, or by its vendor's.
 * @throws AppError revoke_not_yours, revoke_reason, pki_*
 */
export async function takeBack(request: RevocationRequest, options: TakeBackOptions): Promise<void> {
  const { issuer, serial, requester, isOwn } = request;
  const { ledger, pki, did, rules } = options;
  const hash = pki.byIssuerAndSerial(issuer, serial);
  const record = hash && pki.certificate(hash);
  if (!hash || !record) throw failPki('pki_certificate_unknown');
  const isItsVendor = requester.kind === 'vendor' && rules.isOfDevice(record, requester.certificate);
  if (!isOwn && !isItsVendor) throw fail('revoke_not_yours');
  const reason = REASONS[request.reason];
  // removeFromCRL among them: an end of a suspension takes two members.
  if (!reason) throw fail('revoke_reason');
  const isHold = request.reason === CERTIFICATE_HOLD;
  const operation = await buildPkiOperation({
    kind: isHold ? 'status.suspend' : 'status.revoke',
    body: { v: 1, certificates: [hash], reason, ...(isHold ? {} : { voters: null }) },
    ...{ actor: did, network: ledger.network, signers: [options.signer] },
    notAfter: Math.max(pki.now(), unixSeconds(options.clock)) + OPERATION_SECONDS,
  });
  const [result] = await ledger.submit([operation]);
  if (!result?.ok) throw result?.error ?? failPki('pki_nothing_accepted');
}
