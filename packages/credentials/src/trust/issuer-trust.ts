import { unixSeconds } from '@attestel/core';
import type { Registry } from '@attestel/registry';
import { fail } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../jose/strict-json.ts';
import { readDate } from '../vc/claims.ts';
import type { IssuerKeys } from '../vc/verify-presentation.ts';
import { createIssuerKeys, type IssuerKeySources } from './issuer-keys.ts';
import { issuerOfUrl } from './issuer-of-url.ts';

export interface IssuerTrustOptions extends IssuerKeySources {
  readonly registry: Pick<Registry, 'issuer' | 'issuers' | 'trustAnchors' | 'isAccredited'>;
}

const DAY = 86_400;

/**
 * Who may issue, according to the ledger: the signing key is the accredited issuer's, `iss` is the URL it
 * is accredited under, the accreditation covers the type when the credential was issued and now, and the
 * status list is the issuer's own.
 */
export function createIssuerTrust(options: IssuerTrustOptions): IssuerKeys {
  const { registry, clock } = options;
  const findKey = createIssuerKeys(options);
  return async (header, payload) => {
    const { key, did, issuer } = await findKey(header);
    if (payload.iss !== issuer.issuerUrl) throw fail('issuer_url_mismatch');
    const now = unixSeconds(clock);
    if (!isAccreditedFor(registry, did, payload, now)) throw fail('issuer_not_accredited');
    if (issuerOfUrl(registry, statusUri(payload))?.did !== did) throw fail('issuer_status_elsewhere');
    return { key, did };
  };
}

function isAccreditedFor(
  registry: Pick<Registry, 'isAccredited'>,
  did: string,
  payload: JsonObject,
  now: number,
): boolean {
  const vct = typeof payload.vct === 'string' ? payload.vct : '';
  const iat = readDate(payload, 'iat');
  // iat is rounded down to the day, so an accreditation that began that day covers it too.
  const issued =
    registry.isAccredited(did, vct, iat) || registry.isAccredited(did, vct, Math.min(iat + DAY - 1, now));
  return issued && registry.isAccredited(did, vct, now);
}

function statusUri(payload: JsonObject): string {
  const list = isJsonObject(payload.status) ? payload.status.status_list : undefined;
  return isJsonObject(list) && typeof list.uri === 'string' ? list.uri : '';
}
