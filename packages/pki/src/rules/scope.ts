import type { Bytes, CborValue } from '@attestel/core';
import { z } from 'zod';
import { hash } from './bytes.schema.ts';
import { did } from './did.schema.ts';
import { commitTo, type Sha256 } from './hashes.ts';
import { type CertificateRole, ROLES } from './roles.ts';

const MAX_NAMES = 64;
const SCOPE_TAG = 'attestel/pki/scope/v1\n';

const sorted = <T extends z.ZodType<string>>(item: T, max: number) =>
  z
    .array(item)
    .max(max)
    .refine((list) => list.every((text, i) => i === 0 || (list[i - 1] as string) < text), 'must ascend');

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';

/** A PLMN: MCC and MNC (TS 23.003 §2.2), 5 or 6 digits. */
export const plmn = z.string().regex(/^[0-9]{5,6}$/, 'must be MCC and MNC');
/** An S-NSSAI (TS 23.003 §28.4): SST, or SST and SD, in hex. */
export const slice = z.string().regex(/^[0-9a-f]{2}(?:-[0-9a-f]{6})?$/, 'must be SST or SST-SD in hex');
export const dnsSuffix = z
  .string()
  .max(253)
  .regex(new RegExp(`^${LABEL}(?:\\.${LABEL})+$`), 'must be a DNS name of two labels or more');
/** How device serials of a vendor begin. */
export const serialPrefix = z.string().regex(/^[A-Z0-9][A-Z0-9-]{1,31}$/, 'must be 2 to 32 of A-Z 0-9 -');

/** What an anchor may speak for. It never changes: another scope is another admission. */
export const scopeSchema = z
  .strictObject({
    kind: z.enum(['vendor', 'operator', 'ledger']),
    owner: did,
    plmns: sorted(plmn, MAX_NAMES),
    slices: sorted(slice, MAX_NAMES),
    dns: sorted(dnsSuffix, MAX_NAMES),
    /** Prefixes of device serials, of vendors only. */
    serials: sorted(serialPrefix, MAX_NAMES),
    roles: sorted(z.enum(ROLES), ROLES.length).min(1),
    /** Commitment to the key under which device serials and salts are hidden. */
    tokenKey: hash,
  })
  .refine((scope) => (scope.kind === 'vendor') === scope.serials.length > 0, {
    path: ['serials'],
    message: 'vendors have some, others none',
  });

export type Scope = z.output<typeof scopeSchema>;

export const scopeHash = (scope: Scope, sha256: Sha256): Bytes =>
  commitTo(sha256, SCOPE_TAG, scope as unknown as CborValue);

export interface CertifiedNames {
  readonly plmns: readonly string[];
  readonly slices: readonly string[];
  readonly dnsNames: readonly string[];
}

/** Whether every name of a certificate lies in the namespaces of its anchor. */
export const coversNames = (scope: Scope, names: CertifiedNames): boolean =>
  names.plmns.every((one) => scope.plmns.includes(one)) &&
  names.slices.every((one) => scope.slices.includes(one)) &&
  names.dnsNames.every((name) => scope.dns.some((suffix) => isWithin(name.toLowerCase(), suffix)));

export const coversRole = (scope: Scope, role: CertificateRole): boolean => scope.roles.includes(role);

export const coversSerial = (scope: Scope, serial: string): boolean =>
  scope.serials.some((prefix) => serial.startsWith(prefix));

/**
 * Whether two anchors speak for a common name: the owner of one is affected by a change of the other. Slices do not
 * count: S-NSSAIs mean something within their PLMN, and every operator has the standard ones (TS 23.501 §5.15.2).
 */
export const overlaps = (a: Scope, b: Scope): boolean =>
  a.plmns.some((one) => b.plmns.includes(one)) ||
  a.dns.some((one) => b.dns.some((other) => isWithin(one, other) || isWithin(other, one))) ||
  a.serials.some((one) => b.serials.some((other) => one.startsWith(other) || other.startsWith(one)));

const isWithin = (name: string, suffix: string): boolean => name === suffix || name.endsWith(`.${suffix}`);
