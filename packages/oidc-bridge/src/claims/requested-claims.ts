import type { App } from '@attestel/registry';
import { z } from 'zod';
import { type ClaimName, isClaimName, isRegistered, SCOPES, type ScopeName } from './catalogue.ts';

const member = z.record(z.string(), z.union([z.null(), z.record(z.string(), z.unknown())])).optional();
export const claimsSchema = z.object({ userinfo: member, id_token: member });

export type ClaimsParameter = z.output<typeof claimsSchema>;

/** `claims` parameter (OIDC Core §5.5) as oidc-provider has already let it through. */
export function parseClaimsParameter(text: unknown): ClaimsParameter {
  if (typeof text !== 'string') return {};
  try {
    return claimsSchema.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Claims named one by one, known to us or not. */
export const namesOf = ({ userinfo = {}, id_token: idToken = {} }: ClaimsParameter): string[] => [
  ...new Set([...Object.keys(userinfo), ...Object.keys(idToken)]),
];

/**
 * What a request asks for and may get. A scope is a bundle of voluntary claims (§5.4), so it gives what the
 * app is registered for; a claim named in `claims` must itself be registered, which is checked earlier.
 */
export function requestedClaims(
  params: { readonly scope?: unknown; readonly claims?: unknown },
  app: Pick<App, 'claims'>,
): ClaimName[] {
  const scopes = typeof params.scope === 'string' ? params.scope.split(' ') : [];
  const bundled = scopes.filter(isScope).flatMap((scope): readonly ClaimName[] => SCOPES[scope]);
  const named = namesOf(parseClaimsParameter(params.claims)).filter(isClaimName);
  return [...new Set([...bundled, ...named])].filter((claim) => isRegistered(claim, app.claims));
}

/** Scopes an app may ask for: those with at least one claim it is registered for. */
export const scopesOf = (app: Pick<App, 'claims'>): string[] => [
  'openid',
  ...(Object.keys(SCOPES) as ScopeName[]).filter((scope) =>
    SCOPES[scope].some((claim) => isRegistered(claim, app.claims)),
  ),
];

/** The first claim a request names that the app is not registered for. */
export const unregisteredClaim = (claims: ClaimsParameter, app: Pick<App, 'claims'>): ClaimName | undefined =>
  namesOf(claims)
    .filter(isClaimName)
    .find((claim) => !isRegistered(claim, app.claims));

const isScope = (scope: string): scope is ScopeName => Object.hasOwn(SCOPES, scope);
