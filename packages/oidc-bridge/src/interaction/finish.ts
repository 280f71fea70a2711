import { type HttpResponse, redirect } from '@attestel/core';
import type { FlowMode } from '@attestel/openid/verifier';
import type { Consent } from '../consent/consent-store.ts';
import { ACR, AMR } from '../provider/configuration.ts';
import { fillGrant } from '../provider/policy.ts';
import { type InteractionContext, rawOf, type Visit } from './visit.ts';

export interface Decision {
  readonly account: string;
  /** How the card was shown just now; absent where a session stands for it. */
  readonly mode: FlowMode | undefined;
  readonly consent: Consent;
}

/** Tells oidc-provider who it is and what was agreed, and sends the browser on to the app. */
export async function finishLogin(
  visit: Visit,
  decision: Decision,
  context: InteractionContext,
): Promise<HttpResponse> {
  const { provider, options } = context;
  const { account, mode, consent } = decision;
  const grant = new provider.Grant({ accountId: account, clientId: visit.app.clientId });
  fillGrant(grant, visit.interaction.params, consent.refused);
  const grantId = await grant.save();
  if (mode !== undefined) await leaveOtherSession(visit, account, context);
  const login = mode && { accountId: account, acr: ACR[mode], amr: AMR, remember: true };
  const { req, res } = rawOf(visit.request);
  const result = { ...(login ? { login } : {}), consent: { grantId } };
  const returnTo = await provider.interactionResult(req, res, result);
  await closeLogin(visit, context);
  options.logger.info('login.completed', {
    trace: visit.trace,
    app: visit.app.clientId,
    mode: mode ?? 'session',
    shared: consent.granted.length,
  });
  return redirect(returnTo);
}

/** Sends the browser back to the app empty-handed (OIDC Core §3.1.2.6 access_denied). */
export async function abortLogin(visit: Visit, context: InteractionContext): Promise<HttpResponse> {
  const { req, res } = rawOf(visit.request);
  const returnTo = await context.provider.interactionResult(
    req,
    res,
    { error: 'access_denied', error_description: 'the person cancelled the sign-in' },
    { mergeWithLastSubmission: false },
  );
  await closeLogin(visit, context);
  return redirect(returnTo);
}

/** What stays until the interaction would have ended says that it is over. */
async function closeLogin(visit: Visit, { logins, unit, options }: InteractionContext): Promise<void> {
  const login = logins.find(visit.uid);
  if (!login) return;
  const { here, there, outcome: _, ...rest } = login;
  await unit.defer((writer) => {
    for (const flow of [here, there]) if (flow) options.verifier.cancelIn(writer, flow.id);
  });
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
