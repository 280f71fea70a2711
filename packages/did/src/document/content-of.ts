import { type MultikeyBytes, multikeyFromText } from '@attestel/core';
import { fail } from '../errors.ts';
import type { LedgerKey } from '../genesis/control.schema.ts';
import type { DidDocument, VerificationMethod } from '../types.ts';
import type { DocumentContent } from './document.ts';
import { RELATIONSHIPS } from './template.schema.ts';

type Relationship = DocumentContent['verificationMethods'][number]['relationships'][number];

/**
 * What an update must say so that the document stays as it is: whoever changes one thing starts from here.
 * @throws AppError invalid_document where a ledger key has further relationships, which an update cannot say
 */
export function contentOf(document: DidDocument): {
  readonly document: DocumentContent;
  readonly ledgerKeys: readonly LedgerKey[];
} {
  const fragmentOf = (id: string): string => id.slice(document.id.length + 1);
  const keyOf = (method: VerificationMethod): MultikeyBytes => multikeyFromText(method.publicKeyMultibase);
  const relationshipsOf = (id: string) => RELATIONSHIPS.filter((name) => document[name]?.includes(id));
  const isLedgerKey = ({ id }: VerificationMethod): boolean =>
    document.capabilityInvocation?.includes(id) === true;
  const ledgerMethods = document.verificationMethod.filter(isLedgerKey);
  if (ledgerMethods.some(({ id }) => relationshipsOf(id).length > 1)) {
    throw fail('invalid_document', { field: '/capabilityInvocation' });
  }
  return {
    ledgerKeys: ledgerMethods.map((method) => [fragmentOf(method.id), keyOf(method)]),
    document: {
      verificationMethods: document.verificationMethod
        .filter((method) => !isLedgerKey(method))
        .map((method) => ({
          fragment: fragmentOf(method.id),
          key: keyOf(method),
          relationships: relationshipsOf(method.id) as Relationship[],
        })),
      services: (document.service ?? []).map(({ id, type, serviceEndpoint }) => ({
        fragment: fragmentOf(id),
        type,
        serviceEndpoint,
      })),
      alsoKnownAs: document.alsoKnownAs ?? [],
    },
  };
}
