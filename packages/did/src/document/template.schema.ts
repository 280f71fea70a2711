import { isMultikey, multikeyFromText } from '@attestel/core';
import { z } from 'zod';
import { isFragmentName } from '../syntax/did-url-syntax.ts';
import { isAlsoKnownAs, isServiceUrl } from './uri.ts';

const MAX_METHODS = 16;
const MAX_SERVICES = 16;
const MAX_ALSO_KNOWN_AS = 8;

/** `#name`: relative, because the DID is the hash of something that commits to this document. */
const relativeId = z.string().refine((id) => id.startsWith('#') && isFragmentName(id.slice(1)));

const publicKeyMultibase = z.string().max(80).refine(isMultikeyText);

const unique = (list: readonly string[]): boolean => new Set(list).size === list.length;

const references = z.array(relativeId).min(1).max(MAX_METHODS).refine(unique).readonly().optional();

const makeSchema = (network: string) =>
  z
    .strictObject({
      alsoKnownAs: z
        .array(z.string().refine(isAlsoKnownAs))
        .min(1)
        .max(MAX_ALSO_KNOWN_AS)
        .refine(unique)
        .readonly()
        .optional(),
      verificationMethod: z
        .array(z.strictObject({ id: relativeId, type: z.literal('Multikey'), publicKeyMultibase }).readonly())
        .max(MAX_METHODS)
        .refine((methods) => unique(methods.map((m) => m.publicKeyMultibase)))
        .readonly(),
      authentication: references,
      assertionMethod: references,
      capabilityInvocation: references,
      capabilityDelegation: references,
      service: z
        .array(
          z
            .strictObject({
              id: relativeId,
              type: z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/),
              serviceEndpoint: z.string().refine((url) => isServiceUrl(url, network)),
            })
            .readonly(),
        )
        .min(1)
        .max(MAX_SERVICES)
        .readonly()
        .optional(),
    })
    .readonly()
    .refine((t) => unique([...t.verificationMethod, ...(t.service ?? [])].map((item) => item.id)), {
      path: ['verificationMethod'],
    })
    .superRefine((template, context) => {
      const ids = new Set(template.verificationMethod.map((method) => method.id));
      for (const relationship of RELATIONSHIPS) {
        if ((template[relationship] ?? []).some((id) => !ids.has(id))) {
          context.addIssue({ code: 'custom', path: [relationship], message: 'unknown method' });
        }
      }
    });

export const RELATIONSHIPS = [
  'authentication',
  'assertionMethod',
  'capabilityInvocation',
  'capabilityDelegation',
] as const;

export type DocumentTemplate = z.infer<ReturnType<typeof makeSchema>>;

let made: { readonly network: string; readonly schema: ReturnType<typeof makeSchema> } | undefined;

/** Document template of specs/did-mno.md §5.1, for one network. Kept for the next: a process has one network. */
export function templateSchema(network: string): ReturnType<typeof makeSchema> {
  made = made?.network === network ? made : { network, schema: makeSchema(network) };
  return made.schema;
}

function isMultikeyText(text: string): boolean {
  try {
    return isMultikey(multikeyFromText(text));
  } catch {
    return false;
  }
}
