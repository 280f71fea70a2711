import { multikeyFromText } from '@attestel/core';
import { z } from 'zod';
import { fail } from '../errors.ts';
import { isFragmentName } from '../syntax/did-url-syntax.ts';
import type { DidDocument } from '../types.ts';
import { RELATIONSHIPS } from './template.schema.ts';

const ids = z.array(z.string().max(200)).max(64).optional();

// Members this version does not know are left out (DID 1.1 §5.1 lets documents carry more).
const documentSchema = z.object({
  '@context': z.array(z.string().max(200)).min(1).max(8),
  id: z.string().max(100),
  alsoKnownAs: z.array(z.string().max(1000)).max(64).optional(),
  controller: z.array(z.string().max(200)).max(16).optional(),
  verificationMethod: z
    .array(
      z.object({
        id: z.string().max(200),
        type: z.literal('Multikey'),
        controller: z.string().max(100),
        publicKeyMultibase: z.string().max(80).refine(isMultikeyText),
      }),
    )
    .max(64),
  authentication: ids,
  assertionMethod: ids,
  capabilityInvocation: ids,
  capabilityDelegation: ids,
  service: z
    .array(
      z.object({ id: z.string().max(200), type: z.string().max(100), serviceEndpoint: z.string().max(1000) }),
    )
    .max(64)
    .optional(),
});

/**
 * A document that came over the network, checked to be the document of `did`: every method, reference
 * and service is its own, names are unique. @throws AppError invalid_document
 */
export function parseDocument(value: unknown, did: string): DidDocument {
  const parsed = documentSchema.safeParse(value);
  if (!parsed.success || parsed.data.id !== did) throw fail('invalid_document');
  const document = parsed.data;
  const methods = document.verificationMethod.map((method) => method.id);
  const names = [...methods, ...(document.service ?? []).map((service) => service.id)];
  const prefix = `${did}#`;
  const own = (id: string): boolean => id.startsWith(prefix) && isFragmentName(id.slice(prefix.length));
  if (!names.every(own) || new Set(names).size !== names.length) throw fail('invalid_document');
  if (document.verificationMethod.some((method) => method.controller !== did)) throw fail('invalid_document');
  const known = new Set(methods);
  if (RELATIONSHIPS.some((name) => document[name]?.some((id) => !known.has(id)))) {
    throw fail('invalid_document');
  }
  return document as DidDocument;
}

function isMultikeyText(text: string): boolean {
  try {
    return multikeyFromText(text) !== undefined;
  } catch {
    return false;
  }
}
