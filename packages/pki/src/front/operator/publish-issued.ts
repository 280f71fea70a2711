import { type Bytes, toHex } from '@attestel/core';
import { nonceFor } from '../../build/commitments.ts';
import { fail } from '../../errors.ts';
import type { SubmittedItem } from '../../module/attachment.schema.ts';
import { refusalOf } from '../../refusals.ts';
import { sha256 } from '../../sha256.ts';
import type { Pki } from '../../types.ts';
import type { Issued } from '../enrolment.ts';
import type { Publisher, PublishRequest } from '../json/publisher.ts';
import type { CertifiedRequester } from '../peer-trust.ts';
import type { EnrolmentRules } from './enrolment-rules.ts';

export interface PublishIssuedOptions {
  readonly network: string;
  readonly pki: Pki;
  readonly publisher: Publisher;
  readonly rules: EnrolmentRules;
  /** SHA-256 of the CA's certificate. */
  readonly anchor: Bytes;
}

/**
 * Puts an enrolment on the ledger: resolves when the certificate is durable there. One that is there already stays.
 * @throws AppError with the code of the rule that refuses it
 */
export async function publishIssued(
  issued: Issued,
  possession: SubmittedItem['possession'],
  options: PublishIssuedOptions,
): Promise<void> {
  const { pki, publisher, rules, anchor } = options;
  const { certificate, request } = issued;
  if (pki.certificate(sha256(certificate))) return;
  const { requester } = request;
  const vendor = requester.kind === 'vendor' ? requester : undefined;
  const { results } = await publisher.publish({
    role: rules.profile(request).role,
    ...{ anchor, batch: null, challenge: challengeOf(issued, options) },
    // The authority is the anchor itself; what stands above it is none of the ledger's business.
    intermediates: [],
    source: vendor ? { ...sourceOf(vendor, pki), delivered: request.protocol === 'est' } : null,
    items: [
      {
        ...{ certificate, possession, replaces: rules.replaced(requester) },
        origin: vendor ? { certificate: vendor.certificate.der, signature: null } : null,
      },
    ],
  });
  const [result] = results;
  if (!result?.ok) throw refusalOf(result?.code ?? 'pki_nothing_accepted');
}

/** The challenge that the device's nonce was made from. @throws AppError pki_possession_stale */
function challengeOf({ request, nonce }: Issued, options: PublishIssuedOptions): Bytes {
  const text = request.protocol === 'est' ? request.wanted.challengePassword : nonce && toHex(nonce);
  const found = challengeBehind(text, options);
  if (!found) throw fail('pki_possession_stale');
  return found;
}

/** Id of the member's challenge in force whose nonce this is, in hex. */
export function challengeBehind(
  text: string | undefined,
  { network, pki, publisher }: Pick<PublishIssuedOptions, 'network' | 'pki' | 'publisher'>,
): Bytes | undefined {
  const submitter = publisher.did;
  return pki
    .challenges(submitter)
    .find(({ id }) => toHex(nonceFor({ network, challenge: id, submitter })) === text)?.id;
}

/** Where the vendor's certificate stands: on a path to its anchor, or, signed by itself, on the ledger. */
function sourceOf(
  { certificate, chain }: CertifiedRequester,
  pki: Pki,
): NonNullable<PublishRequest['source']> {
  const root = chain.at(-1);
  if (root) return { anchor: sha256(root), chained: true, intermediates: chain.slice(0, -1) };
  const record = pki.certificate(sha256(certificate.der));
  if (!record) throw fail('pki_origin_invalid');
  return { anchor: record.anchor, chained: false, intermediates: [] };
}
