import type { JsonValue } from '@attestel/core';
import { z } from 'zod';
import { fail } from '../errors.ts';
import type { JsonObject } from '../jose/strict-json.ts';
import { LIMITS } from '../limits.ts';

/** Type of the phone number credential; consortia may configure their own URL. */
export const PHONE_NUMBER_VCT = 'https://credentials.attestel.example/phone-number/1';

/** Claims a wallet discloses only to verifiers that the registry lists as bridges. */
export const BRIDGE_ONLY_CLAIMS: readonly string[] = ['subscription_handle', 'porting_records'];

/** Days, not instants: a time of day would tell people apart. */
const day = z.iso.date();
const text = z.string().min(1).max(100);

const shape = {
  /** E.164 with + (CAMARA Number Verification). */
  phone_number: z.string().regex(/^\+[1-9][0-9]{4,14}$/),
  phone_number_verified: z.literal(true),
  country: z.string().regex(/^[A-Z]{2}$/),
  mobile_operator: text,
  mcc: z.string().regex(/^[0-9]{3}$/),
  mnc: z.string().regex(/^[0-9]{2,3}$/),
  contract_owner: z.boolean(),
  end_user: z.boolean(),
  sim_changed_at: day,
  sim_unchanged_72h: z.boolean(),
  sim_unchanged_30d: z.boolean(),
  tenure_over_1y: z.boolean(),
  verification_method: z.enum(['ts43_eap_aka', 'network', 'kyc_in_person']),
  verified_at: day,
  /** Last day on which the line was bound to new keys without the old ones. */
  binding_changed_at: day,
  /** Whether such a change is announced and can still be vetoed. */
  binding_pending: z.boolean(),
  /** 256 random bits for this person on this line, base64url. */
  subscription_handle: z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/),
  /** How the handle came to this operator: compact JWS of the last hand-overs, oldest first; often none. */
  porting_records: z
    .array(
      z
        .string()
        .max(4_096)
        .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/),
    )
    .max(LIMITS.portingRecords),
};

/** What an issuer puts into a phone number credential. */
export const phoneNumberClaimsSchema = z
  .strictObject(shape)
  .partial({ contract_owner: true, end_user: true });

/** What any selection of its disclosures may say. Records prove nothing without the handle they are about. */
export const disclosedPhoneNumberClaimsSchema = z
  .object(shape)
  .partial()
  .refine((claims) => claims.porting_records === undefined || claims.subscription_handle !== undefined, {
    path: ['porting_records'],
  });

export type PhoneNumberClaims = z.infer<typeof phoneNumberClaimsSchema>;
export type DisclosedPhoneNumberClaims = z.infer<typeof disclosedPhoneNumberClaimsSchema>;

/** @throws AppError claims_invalid naming the claim, never its value */
export function assertPhoneNumberClaims(
  claims: Readonly<Record<string, JsonValue | undefined>>,
): PhoneNumberClaims {
  const result = phoneNumberClaimsSchema.safeParse(claims);
  if (!result.success) throw fail('claims_invalid', { field: fieldOf(result.error) });
  return result.data;
}

/** Reads the phone number claims of a verified credential; other claims of its payload are left out. */
export function parseDisclosedPhoneNumberClaims(claims: JsonObject): DisclosedPhoneNumberClaims {
  const result = disclosedPhoneNumberClaimsSchema.safeParse(claims);
  if (!result.success) throw fail('claims_invalid', { field: fieldOf(result.error) });
  return result.data;
}

function fieldOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue?.path.join('.') || (issue?.code === 'unrecognized_keys' ? String(issue.keys[0]) : 'claims');
}
