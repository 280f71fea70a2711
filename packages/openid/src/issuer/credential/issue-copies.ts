import { issueSdJwtVcBatch, validityWindow } from '@attestel/credentials';
import type { IssuerContext } from '../context.ts';
import type { HolderJwk } from '../oauth/signed-jwt.ts';
import type { StatusIndex } from '../status/status-store.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { phoneNumberClaims, type Verification } from './claims.ts';

/** Validity of credentials issued now, rounded to the day (credentials of one day look alike). */
export const credentialValidity = (issuer: IssuerContext): { iat: number; exp: number } =>
  validityWindow({ clock: issuer.clock, days: issuer.limits.credentialDays });

/**
 * Signs one copy per key: same claims, own salts, own key, own status index, nothing else that differs.
 * Everything that makes the copies count is in the store before the first is signed.
 */
export function issueCopies(
  issuer: IssuerContext,
  batch: {
    readonly subscriber: Subscriber;
    readonly verification: Verification;
    readonly keys: readonly { readonly jwk: HolderJwk }[];
    readonly indices: readonly StatusIndex[];
    readonly validity: { readonly iat: number; readonly exp: number };
  },
): Promise<string[]> {
  return issueSdJwtVcBatch({
    kid: issuer.party.kid,
    x5c: issuer.party.x5c,
    signer: issuer.signer,
    claims: { vct: issuer.vct, iss: issuer.issuerUrl, ...batch.validity },
    disclosable: phoneNumberClaims(issuer, batch.subscriber, batch.verification),
    copies: batch.keys.map(({ jwk }, i) => {
      const { list, index } = batch.indices[i] as StatusIndex;
      return { cnfJwk: jwk, status: { status_list: { idx: index, uri: issuer.statuses.uri(list) } } };
    }),
    random: issuer.random,
  });
}
