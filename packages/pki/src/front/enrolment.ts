import type { Bytes } from '@attestel/core';
import type { Certificate } from '@attestel/x509';
import type { KeyRequest } from '../ca/certification-request.ts';
import type { CertificateProfile } from '../ca/profile.ts';

/** Who asks, and how that was proved. */
export type Requester =
  | {
      /** The maker's certificate in the device (IEEE 802.1AR), or one that an operator issued before. */
      readonly kind: 'vendor' | 'operator';
      readonly certificate: Certificate;
      /** DER of what stands between it and the anchor, the issuer of the leaf first, then the anchor. */
      readonly chain: readonly Bytes[];
    }
  | { readonly kind: 'account'; readonly name: string };

export interface EnrolmentRequest {
  readonly protocol: 'cmp' | 'est';
  /** Renewal: the requester's own certificate is to be replaced. */
  readonly kind: 'enrol' | 'renew';
  /** Possession of its key is proved. */
  readonly wanted: KeyRequest;
  readonly requester: Requester;
  /** Name of the CA or profile in the path, where one is given (RFC 9483 §3.2, RFC 7030 §3.2.2). */
  readonly label: string | undefined;
  /** The message as it came: evidence of source and possession. */
  readonly message: Bytes;
}

/** What the certificate will say; nothing of the request gets into it but through here. */
export interface Grant {
  /** DER of the Name. */
  readonly subject: Bytes;
  /** DER GeneralNames. */
  readonly subjectAltName?: Bytes | undefined;
  readonly profile: CertificateProfile;
  /** The names are not those that were asked for. */
  readonly isModified?: boolean;
}

export interface Issued {
  /** DER. */
  readonly certificate: Bytes;
  /** DER of the CAs above it, its issuer first, the root last. */
  readonly chain: readonly Bytes[];
  readonly request: EnrolmentRequest;
  readonly grant: Grant;
  /**
   * Derived from a challenge of the ledger, 16 to 64 octets. A CMP device signs it in its confirmation, which
   * makes the two messages a fresh proof.
   */
  readonly nonce?: Bytes | undefined;
}

export interface RevocationRequest {
  /** DER of the Name. */
  readonly issuer: Bytes;
  /** Magnitude. */
  readonly serial: Bytes;
  /** CRLReason (RFC 5280 §5.3.1); 8 takes a suspension back. */
  readonly reason: number;
  readonly requester: Requester;
  /** It is the requester's own certificate. */
  readonly isOwn: boolean;
  readonly message: Bytes;
}

/** What front ends need of an operator: its rules, its CA, its way to the ledger. */
export interface Enrolment {
  /** @throws AppError where the request is refused */
  authorise(request: EnrolmentRequest): Promise<Grant>;
  issue(request: EnrolmentRequest, grant: Grant): Promise<Issued>;
  /** Challenge password that an EST request must have to be a fresh proof; undefined: none is asked for. */
  challengePassword?(): Promise<string>;
  /** Puts it on the ledger: from then on it is good. `confirmation` is the message that took it. */
  publish(issued: Issued, confirmation: Bytes | undefined): Promise<void>;
  /** The device did not want it, or never said. */
  discard(issued: Issued): Promise<void>;
  /** @throws AppError where the requester may not */
  revoke(request: RevocationRequest): Promise<void>;
  /** DER of the CAs whose certificates count here, the operator's own first. */
  caCertificates(label: string | undefined): readonly Bytes[];
}
