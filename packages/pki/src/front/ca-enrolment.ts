import type { Bytes } from '@attestel/core';
import type { CertificateAuthority } from '../ca/authority.ts';
import type { Enrolment } from './enrolment.ts';

export interface CaEnrolmentOptions extends Omit<Enrolment, 'issue' | 'caCertificates'> {
  readonly authority: CertificateAuthority;
  /** DER of the CAs above the authority, its issuer first; none where it is a root. */
  readonly above?: readonly Bytes[];
  /** DER of further CAs that devices shall trust, such as those of related slices. */
  readonly related?: (label: string | undefined) => readonly Bytes[];
  /** Of a challenge in force. */
  readonly nonce?: () => Promise<Bytes>;
}

/** Enrolment at the operator's own CA: what is granted is issued here. */
export function createCaEnrolment({
  authority,
  above = [],
  related,
  nonce,
  ...rules
}: CaEnrolmentOptions): Enrolment {
  const chain = [authority.certificate, ...above];
  return {
    ...rules,
    issue: async (request, grant) => {
      const { spki } = request.wanted;
      const certificate = await authority.issue({ ...grant, spki });
      return { certificate, chain, request, grant, nonce: await nonce?.() };
    },
    caCertificates: (label) => [...chain, ...(related?.(label) ?? [])],
  };
}
