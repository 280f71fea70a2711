import type { Clock } from '@attestel/core';
import type { RegistryClient } from '@attestel/registry';
import {
  type CredentialOfferObject,
  type IssuerMetadataResult,
  Openid4vciClient,
} from '@openid4vc/openid4vci';
import { accreditedIssuer } from '../accreditation.ts';
import { fail } from '../errors.ts';
import { parseWebUrl } from '../guarded-fetch.ts';
import { createProtocolCallbacks, type ProtocolPorts } from '../protocol-callbacks.ts';
import type { OperatorView, PinRule } from '../types.ts';
import { httpStatusOf, unavailableIssuer } from './protocol-errors.ts';

export const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
const SD_JWT_VC = 'dc+sd-jwt';
const MAX_LINK_LENGTH = 16_384;

/** An offer whose issuer is known and accredited; nothing is accepted yet. */
export interface ResolvedOffer {
  readonly offer: CredentialOfferObject;
  readonly metadata: IssuerMetadataResult;
  readonly configurationId: string;
  readonly vct: string;
  readonly operator: OperatorView;
  readonly pin: PinRule | null;
  readonly claims: readonly string[];
  readonly batchSize: number;
}

export interface OfferPorts extends ProtocolPorts {
  readonly registry: RegistryClient;
  readonly clock: Clock;
}

/** Reads an offer by value or by reference and finds out whose it is (OID4VCI 1.0 §4.1, §12.2). */
export async function resolveOffer(link: string, ports: OfferPorts): Promise<ResolvedOffer> {
  const client = new Openid4vciClient({ callbacks: createProtocolCallbacks(ports, new Map()) });
  const offer = await fetchOffer(client, link);
  parseWebUrl(offer.credential_issuer, 'credential_issuer');
  const metadata = await fetchMetadata(client, offer.credential_issuer);
  const { configurationId, vct, claims } = chooseConfiguration(offer, metadata);
  const operator = await accreditedIssuer({
    registry: ports.registry,
    clock: ports.clock,
    issuerUrl: offer.credential_issuer,
    vct,
  });
  return {
    offer,
    metadata,
    configurationId,
    vct,
    operator,
    pin: pinRule(offer),
    claims,
    batchSize: metadata.credentialIssuer.batch_credential_issuance?.batch_size ?? 1,
  };
}

/** True when the link carries an offer; its content is not looked at. */
export function isOfferLink(link: string): boolean {
  if (link.length > MAX_LINK_LENGTH || !URL.canParse(link)) return false;
  const { searchParams } = new URL(link);
  return searchParams.has('credential_offer') || searchParams.has('credential_offer_uri');
}

async function fetchOffer(client: Openid4vciClient, link: string): Promise<CredentialOfferObject> {
  if (!isOfferLink(link)) throw fail('link_malformed');
  const { searchParams } = new URL(link);
  const reference = searchParams.get('credential_offer_uri');
  // §4.1: the two parameters are mutually exclusive.
  if (reference !== null && searchParams.has('credential_offer')) throw fail('offer_malformed');
  if (reference !== null) parseWebUrl(reference, 'credential_offer_uri');
  try {
    return await client.resolveCredentialOffer(link);
  } catch (cause) {
    const status = httpStatusOf(cause);
    if (status === 404 || status === 410) throw fail('offer_gone', { cause });
    throw (
      unavailableIssuer(cause) ??
      fail(status === undefined ? 'offer_malformed' : 'issuer_unavailable', { cause })
    );
  }
}

async function fetchMetadata(client: Openid4vciClient, issuer: string): Promise<IssuerMetadataResult> {
  let metadata: IssuerMetadataResult;
  try {
    metadata = await client.resolveIssuerMetadata(issuer);
  } catch (cause) {
    const code = httpStatusOf(cause) === undefined ? 'issuer_metadata_invalid' : 'issuer_unavailable';
    throw unavailableIssuer(cause) ?? fail(code, { cause });
  }
  // §12.2.1: the identifier in the metadata is the one the wallet asked for.
  if (metadata.credentialIssuer.credential_issuer !== issuer) throw fail('issuer_metadata_invalid');
  const { credential_endpoint, nonce_endpoint } = metadata.credentialIssuer;
  parseWebUrl(credential_endpoint, 'credential_endpoint');
  if (nonce_endpoint !== undefined) parseWebUrl(nonce_endpoint, 'nonce_endpoint');
  return metadata;
}

function chooseConfiguration(offer: CredentialOfferObject, metadata: IssuerMetadataResult) {
  const supported = metadata.credentialIssuer.credential_configurations_supported;
  for (const configurationId of offer.credential_configuration_ids) {
    const configuration = supported[configurationId];
    if (configuration?.format === SD_JWT_VC && typeof configuration.vct === 'string') {
      return { configurationId, vct: configuration.vct, claims: announcedClaims(configuration) };
    }
  }
  throw fail('offer_unsupported');
}

/** Names of top-level claims in `credential_metadata.claims` (OID4VCI 1.0 appendix B.2); display only. */
function announcedClaims(configuration: { readonly credential_metadata?: unknown }): string[] {
  const described = (configuration.credential_metadata as { claims?: unknown } | undefined)?.claims;
  if (!Array.isArray(described)) return [];
  return described
    .slice(0, 64)
    .map((claim: { path?: unknown }) => (Array.isArray(claim?.path) ? claim.path[0] : undefined))
    .filter((name): name is string => typeof name === 'string' && name.length <= 64);
}

function pinRule(offer: CredentialOfferObject): PinRule | null {
  const grant = offer.grants?.[PRE_AUTHORIZED];
  if (grant === undefined) throw fail('offer_unsupported', { field: 'grants' });
  if (grant.tx_code === undefined) return null;
  // §4.1.1: `numeric` is the default.
  return { inputMode: grant.tx_code.input_mode ?? 'numeric', length: grant.tx_code.length ?? null };
}
