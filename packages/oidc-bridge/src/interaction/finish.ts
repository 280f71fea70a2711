import { type HttpResponse, redirect } from '@attestel/core';
import type { FlowMode } from '@attestel/openid/verifier';
import { errors, type Provider } from 'oidc-provider';
import type { Consent } from '../consent/consent-store.ts';
import { fail } from '../errors.ts';
import { ACR, AMR } from '../provider/configuration.ts';
import { fillGrant } from '../provider/policy.ts';
import { type InteractionContext, rawOf, type Visit } from './visit.ts';

export interface Decision {
  readonly account: string;
  /** How the card was shown just now; absent where a session stands for it. */
  readonly mode: FlowMode | undefined;
  readonly consent: Consent;
  /** Whether the consent is one that is kept: what it lets out stops when it does. */
  readonly standing: boolean;
}

/** Tells oidc-provider who it is and what was agreed, and sends the browser on to the app. */
export async function finishLogin(
  visit: Visit,
  decision: Decision,
  context: InteractionContext,
): Promise<HttpResponse> {
  const { provider, options, grantTerms } = context;
  const { account, mode, consent, standing } = decision;
  const grant = new provider.Grant({ accountId: account, clientId: visit.app.clientId });
  fillGrant(grant, visit.interaction.params, consent.refused);
  const grantId = await grant.save();
  await grantTerms.save(grantId, standing);
  if (mode !== undefined) await leaveOtherSession(visit, account, context);
  const login = mode && { accountId: account, acr: ACR[mode], amr: AMR, remember: true };
  const result = { ...(login ? { login } : {}), consent: { grantId } };
  const returnTo = await submit(visit, result, context);
  await closeLogin(visit, context);
  options.logger.info('login.completed', {
    trace: visit.trace,
    app: visit.app.clientId,
    mode: mode ?? 'session',
    shared: consent.granted.length,
  });
  return redirect(returnTo);
}

const CANCELLED = { error: 'access_denied', error_description: 'the person cancelled the sign-in' };

/** Sends the browser back to the app empty-handed (OIDC Core §3.1.2.6), unless told otherwise as cancelled. */
export async function abortLogin(
  visit: Visit,
  context: InteractionContext,
  reason: { readonly error: string; readonly error_description: string } = CANCELLED,
): Promise<HttpResponse> {
  const returnTo = await submit(visit, reason, context);
  await closeLogin(visit, context);
  return redirect(returnTo);
}

/**
 * oidc-provider reads the interaction once more here, and with it whether the session it began under is still
 * there and the same person's: a check that `openVisit` does not make.
 * @throws login_expired when it is not, or oidc-provider's own cookie is gone: our page was found by ours
 */
async function submit(
  visit: Visit,
  result: Parameters<Provider['interactionResult']>[2],
  { provider }: InteractionContext,
): Promise<string> {
  const { req, res } = rawOf(visit.request);
  try {
    return await provider.interactionResult(req, res, result, {
      mergeWithLastSubmission: !('error' in result),
    });
  } catch (cause) {
    if (cause instanceof errors.SessionNotFound) throw fail('login_expired', { cause });
    throw cause;
  }
}

/** What stays until the interaction would have ended says that it is over. */
async function closeLogin(visit: Visit, { logins, unit, options }: InteractionContext): Promise<void> {
  const login = logins.find(visit.uid);
  if (!login) return;
  const { here, there, outcome: _, ...rest } = login;
  await unit.defer((writer) => {
    for (const flow of [here, there]) if (flow) options.verifier.cancelIn(writer, flow.id);
  }, 'soon');
  await logins.save(visit.uid, { ...rest, done: true });
}

/** Another person was signed in with this browser: their session ends before the new one begins. */
async function leaveOtherSession(
  { interaction }: Visit,
  account: string,
  { provider }: InteractionContext,
): Promise<void> {
  const session = interaction.session;
  if (!session || session.accountId === account) return;
  const previous = await provider.Session.findByUid(session.uid);
  delete interaction.session;
  await interaction.persist();
  await previous?.destroy();
}
