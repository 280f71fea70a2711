import {
  type Clock,
  type HttpRequest,
  type HttpResponse,
  json,
  type Route,
  toHex,
  unixSeconds,
} from '@attestel/core';
import { isDid } from '@attestel/did/verify';
import type { Ledger } from '@attestel/ledger';
import { encodeBundleProof, proveBundle } from '../../bundle/bundle-proof.ts';
import { fail } from '../../bundle/errors.ts';
import { UNSLICED } from '../../bundle/fetch-bundle.ts';
import { bundleJwks } from '../../bundle/jwks.ts';
import { bundlePem, PEM_TYPE } from '../../bundle/pem.ts';
import { bundleSequence, operatorOfPlmn, selectMembers } from '../../bundle/select-members.ts';
import { type BundleName, bundleOf } from '../../bundle/trust-bundle.ts';
import { ROLES } from '../../rules/roles.ts';
import { plmn, slice } from '../../rules/scope.ts';
import { PKI_MODULE } from '../../state/records.ts';
import type { Pki } from '../../types.ts';
import { parseQuery } from '../json/query.ts';

export interface BundleRoutesOptions {
  readonly pki: Pki;
  readonly ledger: Pick<Ledger, 'state' | 'head' | 'proofs'>;
  /** What has ended by it is over, also on a ledger on which nothing happens. */
  readonly clock: Clock;
  /** How often readers should ask, seconds. Default 60. */
  readonly refreshSeconds?: number;
}

const FORMS = ['pem', 'jwks', 'cbor'] as const;
type Form = (typeof FORMS)[number];

/**
 * Trust bundles of every operator and slice, and of the vendors, for stacks that know nothing of the ledger (PEM,
 * SPIFFE) and, with receipts, for those that believe no node.
 */
export const bundleRoutes = (options: BundleRoutesOptions): Route[] => [
  {
    method: 'GET',
    path: '/v1/pki/bundles/:who/:file',
    summary:
      'Trust bundle: {PLMN or DID}/{slice or unsliced} or vendors/{role}, as .pem, .jwks, or .cbor with receipts',
    errors: 'problem',
    cors: true,
    handle: (request) => bundleAnswer(options, request),
  },
];

function bundleAnswer(
  { pki, ledger, clock, refreshSeconds = 60 }: BundleRoutesOptions,
  { params, url, headers }: HttpRequest,
): HttpResponse {
  parseQuery(url, []);
  const at = Math.max(pki.now(), unixSeconds(clock));
  const { name, form } = parseAddress(pki, params, at);
  const members = selectMembers(pki, name, at);
  if (form === 'cbor') {
    return {
      status: 200,
      headers: { 'content-type': 'application/cbor', 'cache-control': 'no-cache' },
      body: encodeBundleProof(proveBundle(ledger.proofs, members)),
    };
  }
  const sequence = bundleSequence(pki, at);
  const about = {
    etag: `"${sequence}"`,
    'cache-control': 'no-cache',
    'attestel-trust-version': String(pki.trustVersion()),
    // SHA-256 of the checkpoint's body: where in the log's history this bundle was made.
    'attestel-checkpoint': toHex(ledger.head().appHash),
  };
  if (isKnown(headers['if-none-match'], about.etag)) return { status: 304, headers: about, body: null };
  const bundle = bundleOf(ledger.state(PKI_MODULE), { name, members, at });
  if (form === 'jwks') return json(bundleJwks(bundle, { sequence, refreshSeconds }), 200, about);
  return { status: 200, headers: { ...about, 'content-type': PEM_TYPE }, body: bundlePem(bundle) };
}

/** RFC 9110 §13.1.2, by weak comparison. */
const isKnown = (asked: string | undefined, etag: string): boolean =>
  asked?.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, ''))) ?? false;

/** @throws AppError bundle_unknown, bundle_ambiguous */
function parseAddress(
  pki: Pki,
  { who = '', file = '' }: HttpRequest['params'],
  at: number,
): { readonly name: BundleName; readonly form: Form } {
  const dot = file.lastIndexOf('.');
  const [what, suffix] = [file.slice(0, Math.max(dot, 0)), file.slice(dot + 1)];
  const form = FORMS.find((one) => one === suffix);
  if (!form) throw fail('bundle_unknown');
  if (who === 'vendors') {
    const role = ROLES.find((one) => one === what);
    if (!role) throw fail('bundle_unknown');
    return { name: { kind: 'vendors', role }, form };
  }
  const isSlice = what === UNSLICED || slice.safeParse(what).success;
  const isPlmn = plmn.safeParse(who).success;
  if (!isSlice || !(isPlmn || isDid(who))) throw fail('bundle_unknown');
  const operator = isPlmn ? operatorOfPlmn(pki, who, at) : who;
  return { name: { kind: 'slice', operator, slice: what === UNSLICED ? null : what }, form };
}
