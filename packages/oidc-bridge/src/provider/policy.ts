import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { sectorOf } from '../accounts/sector.ts';
import { isWarning } from '../claims/catalogue.ts';
import { namesOf, parseClaimsParameter, requestedClaims } from '../claims/requested-claims.ts';
import { covers } from '../consent/consent-store.ts';
import { findCurrent } from '../consent/current-consent.ts';
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
  const checks = policy.get('login')?.checks;
  const named = checks?.get('claims_id_token_sub_value');
  if (named) askOnce(named, named.check);
  const hinted = checks?.get('id_token_hint');
  if (hinted) {
    const before = hinted.check;
    askOnce(hinted, async (ctx) => (await isNotHinted(ctx, context)) || before(ctx));
  }
  return policy;
}

/**
 * Somebody else than the app named has just shown a card: asking again would ask the same person for ever
 * (OIDC Core §3.1.2.2: an error such as login_required).
 */
function askOnce(check: interactionPolicy.Check, isOther: interactionPolicy.Check['check']): void {
  check.check = async (ctx) => {
    const other = await isOther(ctx);
    if (other && ctx.oidc.result?.login) throw new errors.LoginRequired(check.description);
    return other;
  };
}

/**
 * oidc-provider looks at the hint before a login only; what came back is checked here. Its signature was
 * verified then, and the request has rested in our store since.
 */
async function isNotHinted({ oidc }: KoaContextWithOIDC, { accounts }: BridgeContext): Promise<boolean> {
  const [hint, account] = [oidc.params?.id_token_hint, oidc.result?.login?.accountId];
  if (typeof hint !== 'string' || account === undefined || !oidc.client) return false;
  const { sub } = JSON.parse(Buffer.from(hint.split('.')[1] ?? '', 'base64url').toString());
  return sub !== (await accounts.subject(account, sectorOf(oidc.client.clientId)));
}

function needsPresentation(ctx: KoaContextWithOIDC, context: BridgeContext): boolean {
  const { oidc } = ctx;
  // A suspended bridge says nothing about anybody, whatever it remembers; its page tells why.
  const { registry, party } = context.options;
  if (registry.bridge(party.did)?.status !== 'active') return true;
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
  const consent = app && (await findCurrent(context, accountId, app));
  if (!consent || !covers(consent, requestedClaims(oidc.params ?? {}, app))) return undefined;
  const grant = new oidc.provider.Grant({ accountId, clientId });
  fillGrant(grant, oidc.params ?? {}, consent.refused);
  await context.grantTerms.save(await grant.save(), true);
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
