import type { JsonValue } from '@attestel/core';
import { fail } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../jose/strict-json.ts';
import { readDateTimeStamp, writeDateTimeStamp } from './date-time-stamp.ts';

/** Where the ledger says whether a credential lives: while its object has exactly one line. */
export interface LineStatus {
  readonly channel: string;
  /** Name of the object that stands for the credential: 64 hex digits. */
  readonly ref: string;
}

/** A credential of an organisation: what `vc+jwt` says, as plain data. */
export interface Vc {
  /** URL; absent where nobody names the credential. */
  readonly id?: string;
  /** Its type beside `VerifiableCredential`. */
  readonly type: string;
  /** DIDs. */
  readonly issuer: string;
  readonly subject: string;
  /** Of the subject, without its `id`. */
  readonly claims: JsonObject;
  /** Half-open, unix seconds; `validUntil` null: until revoked. */
  readonly validFrom: number;
  readonly validUntil: number | null;
  readonly status: LineStatus | null;
}

/** VCDM 2.0 §4.3; the second one gives terms a meaning that no vocabulary declares (§5.2). */
const CONTEXT = [
  'https://www.w3.org/ns/credentials/v2',
  'https://www.w3.org/ns/credentials/undefined-terms/v2',
] as const;

export const LINE_STATUS_TYPE = 'AttestelLine';

const MEMBERS = new Set([
  '@context',
  'id',
  'type',
  'issuer',
  'validFrom',
  'validUntil',
  'credentialSubject',
  'credentialStatus',
  'iss',
  'sub',
  'jti',
]);
const STATUS_MEMBERS = new Set(['id', 'type', 'channel', 'ref']);

const DID = /^did:[a-z0-9]+:[A-Za-z0-9._:-]{1,200}$/;
const TYPE = /^[A-Z][A-Za-z0-9]{0,63}$/;
const CHANNEL = /^[a-z0-9][a-z0-9/-]{0,63}$/;
const REF = /^[0-9a-f]{64}$/;
const MAX_URL = 512;

/** The claims set of a credential, members in a fixed order (VCDM 2.0 §4). */
export function writeVcModel(vc: Vc): JsonObject {
  const { id, type, issuer, subject, claims, validFrom, validUntil, status } = vc;
  return {
    '@context': CONTEXT,
    ...(id === undefined ? {} : { id }),
    type: ['VerifiableCredential', type],
    issuer,
    validFrom: writeDateTimeStamp(validFrom),
    ...(validUntil === null ? {} : { validUntil: writeDateTimeStamp(validUntil) }),
    credentialSubject: { id: subject, ...claims },
    ...(status === null ? {} : { credentialStatus: { type: LINE_STATUS_TYPE, ...status } }),
  };
}

/** Reads a hostile claims set; times are read, not compared with any clock. @throws AppError vc_… */
export function readVcModel(payload: JsonObject): Vc {
  // VC-JOSE-COSE §1.1.2.1: what was wrapped by the older encoding must not be here.
  if (payload.vc !== undefined || payload.vp !== undefined) throw fail('vc_claim_forbidden');
  if (Object.keys(payload).some((name) => !MEMBERS.has(name))) throw fail('vc_member_unknown');
  assertContext(payload['@context']);
  const id = readUrl(payload.id, 'vc_id_malformed');
  const { subject, claims } = readSubject(payload.credentialSubject);
  const validFrom = readDateTimeStamp(payload.validFrom);
  if (validFrom === undefined) throw fail('vc_valid_from_malformed');
  const vc: Vc = {
    ...(id === undefined ? {} : { id }),
    type: readType(payload.type),
    issuer: readDid(payload.issuer, 'vc_issuer_malformed'),
    subject,
    claims,
    validFrom,
    validUntil: readValidUntil(payload.validUntil, validFrom),
    status: readStatus(payload.credentialStatus),
  };
  assertNoConflict(payload, vc);
  return vc;
}

/** VCDM 2.0 §4.3, §5.2.1: exactly contexts whose meaning is known here, in their order. */
function assertContext(context: JsonValue | undefined): void {
  const known = Array.isArray(context) && context.length >= 1 && context.length <= CONTEXT.length;
  if (!known || context.some((url, i) => url !== CONTEXT[i])) throw fail('vc_context_unknown');
}

/** VCDM 2.0 §4.5. */
function readType(type: JsonValue | undefined): string {
  const [base, own, ...more] = Array.isArray(type) ? (type as readonly JsonValue[]) : [];
  if (base !== 'VerifiableCredential' || typeof own !== 'string' || !TYPE.test(own) || more.length > 0)
    throw fail('vc_type_malformed');
  return own;
}

/** VCDM 2.0 §4.8: one subject, named. */
function readSubject(value: JsonValue | undefined): { subject: string; claims: JsonObject } {
  if (!isJsonObject(value)) throw fail('vc_subject_malformed');
  const { id, ...claims } = value;
  // A JSON-LD keyword among the claims could give the others another meaning.
  if (Object.keys(claims).some((name) => name.startsWith('@'))) throw fail('vc_subject_malformed');
  return { subject: readDid(id, 'vc_subject_malformed'), claims };
}

/** VCDM 2.0 §4.9. */
function readValidUntil(value: JsonValue | undefined, validFrom: number): number | null {
  if (value === undefined) return null;
  const until = readDateTimeStamp(value);
  if (until === undefined || until < validFrom) throw fail('vc_valid_until_malformed');
  return until;
}

/** VCDM 2.0 §4.10. */
function readStatus(value: JsonValue | undefined): LineStatus | null {
  if (value === undefined) return null;
  if (!isJsonObject(value) || Object.keys(value).some((name) => !STATUS_MEMBERS.has(name)))
    throw fail('vc_status_malformed');
  const { type, channel, ref } = value;
  readUrl(value.id, 'vc_status_malformed');
  if (type !== LINE_STATUS_TYPE || !matches(channel, CHANNEL) || !matches(ref, REF))
    throw fail('vc_status_malformed');
  return { channel, ref };
}

/** VC-JOSE-COSE §3.1.3, §4.1.2: a JWT claim and a property about the same thing say the same. */
function assertNoConflict({ iss, sub, jti }: JsonObject, { issuer, subject, id }: Vc): void {
  if (
    (iss !== undefined && iss !== issuer) ||
    (sub !== undefined && sub !== subject) ||
    (jti !== undefined && jti !== id)
  )
    throw fail('vc_claim_conflict');
}

function readUrl(
  value: JsonValue | undefined,
  code: 'vc_id_malformed' | 'vc_status_malformed',
): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.length > MAX_URL || !URL.canParse(value)) throw fail(code);
  return value;
}

function readDid(value: JsonValue | undefined, code: 'vc_issuer_malformed' | 'vc_subject_malformed'): string {
  if (!matches(value, DID)) throw fail(code);
  return value;
}

const matches = (value: JsonValue | undefined, form: RegExp): value is string =>
  typeof value === 'string' && form.test(value);
