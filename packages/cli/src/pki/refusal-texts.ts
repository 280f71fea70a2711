import { refusalOf } from '@attestel/pki';

export interface RefusalText {
  /** The rule that the certificate breaks. */
  readonly meaning: string;
  /** Who can mend it, and how. */
  readonly mend: string;
}

const VENDOR = 'The vendor authorises a batch that covers it (attestel pki batch authorise).';
const RENEW = 'The device renews it at its issuer; the new one is submitted.';
const SIGN_AGAIN = 'The device signs the statement of this certificate again (attestel pki statement).';
const ISSUER = 'Its issuer makes another certificate that keeps the rule.';
const ANOTHER_KEY = 'The device makes a new key, which no other has, and a certificate for it.';
const SUBMITTER = 'Whoever submits names what is meant, and submits it again.';
const VENDOR_PROOF =
  'The vendor’s certificate of the device signs the same statement (NAME.origin.crt, NAME.origin.sig).';

/** What this command finds itself, before anything is sent and after. */
const LOCAL: Readonly<Record<string, RefusalText>> = {
  file_unreadable: {
    meaning: 'no certificate in PEM or DER can be read there',
    mend: 'Whoever made the files makes this one again.',
  },
  signature_missing: { meaning: 'no proof of possession stands beside it (NAME.sig)', mend: SIGN_AGAIN },
  origin_incomplete: {
    meaning: 'of the vendor’s certificate and its signature, one is missing',
    mend: VENDOR_PROOF,
  },
  receipt_not_yet: {
    meaning: 'it is published, and no witness has cosigned a checkpoint with it so far',
    mend: 'Nobody: ask for it later (attestel pki check --receipt).',
  },
  receipt_unwritable: {
    meaning: 'it is published, and its receipt (NAME.receipt) cannot be written',
    mend: 'Make room for it, and ask for it again (attestel pki check --receipt).',
  },
};

const MEND: Readonly<Record<string, string>> = {
  pki_possession_invalid: SIGN_AGAIN,
  pki_possession_stale: 'Draw a challenge (attestel pki challenge), and the device signs over that.',
  pki_outside_range: VENDOR,
  pki_self_signed: VENDOR,
  pki_batch_full: VENDOR,
  pki_batch_expired: VENDOR,
  pki_device_serial_missing: 'The line makes another certificate, with the serial in its subject.',
  pki_outside_namespace:
    'Its issuer leaves the name out, or the members admit an anchor with it (attestel pki anchor admit).',
  pki_origin_missing: VENDOR_PROOF,
  pki_origin_invalid: VENDOR_PROOF,
  pki_certificate_expired: RENEW,
  pki_certificate_not_yet: 'Wait until its validity begins; else its issuer sets its clock.',
  pki_certificate_exists: 'Nobody: it is published already, see attestel pki check.',
  pki_key_taken: ANOTHER_KEY,
  pki_serial_taken: ANOTHER_KEY,
  pki_device_taken:
    'It is submitted as a renewal (NAME.replaces.crt), or the line checks for a serial used twice.',
  pki_replaces_unknown: SUBMITTER,
  pki_replaces_other: SUBMITTER,
  pki_not_good: 'Who suspended or revoked its predecessor decides; nothing revoked comes back by a renewal.',
  pki_status_final: 'Nobody: what it would replace is revoked or superseded for good.',
  pki_query_invalid: SUBMITTER,
  path_untrusted: 'Whoever submits adds the CA in between (--intermediate), or names its anchor.',
  path_expired: RENEW,
};

/** A refusal in words. Codes of rules about the certificate itself are for whoever issued it. */
export const refusalText = (code: string): RefusalText =>
  LOCAL[code] ?? { meaning: refusalOf(code).message, mend: MEND[code] ?? ISSUER };
