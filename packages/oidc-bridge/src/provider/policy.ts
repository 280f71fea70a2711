import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { isWarning } from '../claims/catalogue.ts';
import { namesOf, parseClaimsParameter, requestedClaims } from '../claims/requested-claims.ts';
import { covers } from '../consent/consent-store.ts';
import type { BridgeContext } from '../options.ts';

/**
 * When a person must show the card again: the built-in rules (no session, `prompt=login`, `max_age`,
 * essential `acr`), and two of ours. A session alone is not enough for an app the person never showed the
 * card for, and worth nothing once the card is no longer valid.
 */
export function createPolicy(context: BridgeContext) {
  const { Check, base } = interactionPolicy;
  const policy = base();
  policy
    .get('login')
    ?.checks.add(
      new Check('presentation_required', 'a presentation for this app is required', 'login_required', (ctx) =>
        needsPresentation(ctx, context),
      ),
    );
  return policy;
}

function needsPresentation(ctx: KoaContextWithOIDC, context: BridgeContext): boolean {
  const { oidc } = ctx;
  const accountId = oidc.session?.accountId;
  const clientId = oidc.client?.clientId;
  // No session: the built-in check asks already. A login just done is what this check wants.
  if (!accountId || !clientId || oidc.result?.login) return false;
  const app = context.activeApp(clientId);
  const shown = context.attributes.find(accountId, clientId);
  if (!app || !shown) return true;
  const asked = requestedClaims(oidc.params ?? {}, app);
  if (!asked.every((claim) => shown.asked.includes(claim))) return true;
  return !isStillGood(shown, context);
}

function isStillGood(
  shown: {
    status: { uri: string; idx: number };
    issuerDid: string;
    vct: string;
    credentialExpiresAt: number;
  },
  { options: { status, registry, clock } }: BridgeContext,
): boolean {
  const now = Math.floor(clock.now() / 1000);
  return (
    shown.credentialExpiresAt > now &&
    registry.isAccredited(shown.issuerDid, shown.vct, now) &&
    status.status(shown.status.uri, shown.status.idx) === 'valid'
  );
}

/** The grant just made, or one from a remembered consent that answers everything asked. Nothing else. */
export const createGrantLoader = (context: BridgeContext) => async (ctx: KoaContextWithOIDC) => {
  const { oidc } = ctx;
  const grantId = oidc.result?.consent?.grantId;
  if (grantId) return oidc.provider.Grant.find(grantId);
  const [accountId, clientId] = [oidc.account?.accountId, oidc.client?.clientId];
  if (!accountId || !clientId || oidc.prompts.has('consent')) return undefined;
  const app = context.activeApp(clientId);
  const consent = await context.consents.find(accountId, clientId);
  if (!app || !consent || !covers(consent, requestedClaims(oidc.params ?? {}, app))) return undefined;
  const grant = new oidc.provider.Grant({ accountId, clientId });
  fillGrant(grant, oidc.params ?? {}, consent.refused);
  await grant.save();
  return grant;
};

/**
 * Everything asked is in the grant; what the person refused is marked so, and never leaves. Warnings cannot be
 * refused, nor by a consent remembered from before.
 */
export function fillGrant(
  grant: {
    addOIDCScope(scope: string): void;
    addOIDCClaims(claims: string[]): void;
    rejectOIDCClaims(claims: string[]): void;
  },
  params: { readonly scope?: unknown; readonly claims?: unknown },
  refused: readonly string[],
): void {
  grant.addOIDCScope(String(params.scope ?? 'openid'));
  const named = namesOf(parseClaimsParameter(params.claims));
  if (named.length > 0) grant.addOIDCClaims(named);
  const rejected = refused.filter((claim) => !isWarning(claim));
  if (rejected.length > 0) grant.rejectOIDCClaims(rejected);
}
