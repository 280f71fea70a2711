import { type Bytes, equalBytes, toHex } from '@attestel/core';
import { fail } from '../errors.ts';
import type { Sha256 } from '../rules/hashes.ts';
import { enrolmentNonce, type Possession, possessionStatement } from '../rules/possession.ts';
import type { SubmittedItem } from './attachment.schema.ts';
import type { CertificateRules, LeafFacts } from './certificate-rules.ts';

/** Whether the key of an origin vouched for the certificate, in the form that possession was proven in. */
export type Vouched = (origin: NonNullable<SubmittedItem['origin']>, made: LeafFacts) => boolean;

/**
 * That the certificate's key was there, over this challenge and for this submitter: by a signature over the
 * statement, by the messages of an enrolment whose nonce stands for it, or by a request that has this nonce as its
 * challenge password.
 * @throws AppError pki_possession_invalid, and what is wrong with the messages
 */
export function provePossession(
  { possession, origin, replaces }: SubmittedItem,
  facts: LeafFacts,
  claim: Possession,
  { sha256, certificates }: { readonly sha256: Sha256; readonly certificates: CertificateRules },
): Vouched {
  if (possession instanceof Uint8Array) {
    const statement = possessionStatement(claim);
    if (!facts.verify(statement, possession)) throw fail('pki_possession_invalid');
    return ({ signature }, made) => signature !== null && made.verify(statement, signature);
  }
  if ('certificationRequest' in possession) {
    const { spki, challengePassword } = certificates.readCertificationRequest(
      possession.certificationRequest,
    );
    const isFresh = challengePassword === toHex(enrolmentNonce(claim, sha256));
    if (!isFresh || !equalBytes(spki, facts.spki)) throw fail('pki_possession_invalid');
    // Nothing in it is by another key than the certificate's own.
    return () => false;
  }
  const proof = certificates.readEnrolment(possession.request, possession.confirmation);
  const isFor =
    equalBytes(proof.spki, facts.spki) &&
    equalBytes(proof.certificate, claim.certificate) &&
    equalBytes(proof.nonce, enrolmentNonce(claim, sha256));
  if (!isFor) throw fail('pki_possession_invalid');
  if (!isSigner(proof.signer, origin, replaces, sha256)) throw fail('pki_origin_invalid');
  return ({ signature }) => signature === null;
}

/** Who signed the messages is where the device comes from, or what it had before. */
const isSigner = (
  signer: Bytes,
  origin: SubmittedItem['origin'],
  replaces: Bytes | null,
  sha256: Sha256,
): boolean =>
  origin ? equalBytes(origin.certificate, signer) : replaces !== null && equalBytes(replaces, sha256(signer));
