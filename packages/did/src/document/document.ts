import { compareBytes, type MultikeyBytes, multikeyToText } from '@attestel/core';
import type { LedgerKey } from '../genesis/control.schema.ts';
import type { DidDocument, VerificationRelationship } from '../types.ts';
import { type DocumentTemplate, RELATIONSHIPS } from './template.schema.ts';

/** DID 1.1 §5.1; it defines Multikey and the relationships too. */
export const DID_CONTEXT = ['https://www.w3.org/ns/did/v1.1'] as const;

/** What a party says about itself, without its DID. */
export interface DocumentContent {
  readonly verificationMethods: readonly {
    /** Name of the method: `key-1` becomes `<did>#key-1`. */
    readonly fragment: string;
    readonly key: MultikeyBytes;
    readonly relationships: readonly Exclude<VerificationRelationship, 'capabilityInvocation'>[];
  }[];
  readonly services?: readonly ServiceContent[];
  readonly alsoKnownAs?: readonly string[];
}

export interface ServiceContent {
  readonly fragment: string;
  readonly type: string;
  readonly serviceEndpoint: string;
}

/** Ledger keys as signed lists require them: ascending by name. */
export const sortLedgerKeys = (keys: readonly LedgerKey[]): readonly LedgerKey[] =>
  [...keys].sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : compareBytes(x, y)));

/** Template of §5.1: ledger keys become the methods under `capabilityInvocation`. */
export function toTemplate(content: DocumentContent, ledgerKeys: readonly LedgerKey[]): DocumentTemplate {
  const sorted = sortLedgerKeys(ledgerKeys);
  const methods = [
    ...content.verificationMethods.map(({ fragment, key }) => [fragment, key] as const),
    ...sorted,
  ];
  const named = (relationship: string): string[] =>
    content.verificationMethods
      .filter((method) => (method.relationships as readonly string[]).includes(relationship))
      .map((method) => `#${method.fragment}`);
  const references = Object.fromEntries(
    RELATIONSHIPS.map(
      (relationship) =>
        [
          relationship,
          relationship === 'capabilityInvocation' ? sorted.map(([name]) => `#${name}`) : named(relationship),
        ] as const,
    ).filter(([, ids]) => ids.length > 0),
  );
  return {
    verificationMethod: methods.map(([fragment, key]) => ({
      id: `#${fragment}`,
      type: 'Multikey',
      publicKeyMultibase: multikeyToText(key),
    })),
    ...references,
    ...(content.services?.length ? { service: content.services.map(toService) } : {}),
    ...(content.alsoKnownAs?.length ? { alsoKnownAs: content.alsoKnownAs } : {}),
  };
}

const toService = ({ fragment, type, serviceEndpoint }: ServiceContent) => ({
  id: `#${fragment}`,
  type,
  serviceEndpoint,
});

/** The DID document that a template stands for: every relative id made absolute, nothing else added. */
export function toDocument(template: DocumentTemplate, did: string): DidDocument {
  const absolute = (id: string): string => did + id;
  const references = Object.fromEntries(
    RELATIONSHIPS.flatMap((name) => (template[name] ? [[name, template[name].map(absolute)] as const] : [])),
  );
  return {
    '@context': DID_CONTEXT,
    id: did,
    ...(template.alsoKnownAs ? { alsoKnownAs: template.alsoKnownAs } : {}),
    verificationMethod: template.verificationMethod.map((method) => ({
      id: absolute(method.id),
      type: method.type,
      controller: did,
      publicKeyMultibase: method.publicKeyMultibase,
    })),
    ...references,
    ...(template.service
      ? { service: template.service.map((service) => ({ ...service, id: absolute(service.id) })) }
      : {}),
  };
}

/** The template that a document follows from; what a template cannot say is left out. */
export function templateOf(document: DidDocument, did: string): DocumentTemplate {
  const relative = (id: string): string => (id.startsWith(did) ? id.slice(did.length) : id);
  const references = Object.fromEntries(
    RELATIONSHIPS.flatMap((name) => (document[name] ? [[name, document[name].map(relative)] as const] : [])),
  );
  return {
    verificationMethod: document.verificationMethod.map(({ id, type, publicKeyMultibase }) => ({
      id: relative(id),
      type,
      publicKeyMultibase,
    })),
    ...references,
    ...(document.service
      ? { service: document.service.map((service) => ({ ...service, id: relative(service.id) })) }
      : {}),
    ...(document.alsoKnownAs ? { alsoKnownAs: document.alsoKnownAs } : {}),
  };
}
