import { type HttpRequest, type HttpResponse, isAppError, type Route } from '@attestel/core';
import { assertSameSite, decideConsent } from './consent.ts';
import { abortLogin } from './finish.ts';
import { liveEvents, liveState } from './live-events.ts';
import { returnFromWallet, showSignIn } from './sign-in.ts';
import { type InteractionContext, openVisit, problemResponse, type Visit } from './visit.ts';

const FORM = ['application/x-www-form-urlencoded'] as const;
const MAX_FORM_BYTES = 4 * 1024;

/** Pages of one sign-in, from the app's request to the app's answer. */
export function interactionRoutes(context: InteractionContext): Route[] {
  const pageRoute = (method: 'GET' | 'POST', path: string, summary: string, step: Step): Route => ({
    method,
    path: `/interaction/:uid${path}`,
    summary,
    errors: 'html',
    ...(method === 'POST' ? { accepts: FORM, maxBodyBytes: MAX_FORM_BYTES } : {}),
    errorPage: (error, request) => problemResponse(error, request, context),
    handle: (request) => answer(request, step, context),
  });
  return [
    pageRoute('GET', '', 'Sign-in page', showSignIn),
    pageRoute('GET', '/return', 'Back from the wallet on the same device', returnFromWallet),
    pageRoute('POST', '/consent', 'What the app may know', decideConsent),
    pageRoute('POST', '/cancel', 'Back to the app without signing in', async (visit) => {
      assertSameSite(visit.request, context);
      return abortLogin(visit, context);
    }),
    {
      method: 'GET',
      path: '/interaction/:uid/state',
      summary: 'State of the QR code, for polling',
      errors: 'problem',
      handle: (request) => liveState(request, context),
    },
    {
      method: 'GET',
      path: '/interaction/:uid/events',
      summary: 'State of the QR code as server-sent events',
      errors: 'problem',
      handle: (request) => liveEvents(request, context),
    },
  ];
}

type Step = (visit: Visit, context: InteractionContext) => Promise<HttpResponse>;

/** Runs one step with all its writes in one transaction. What fails has written nothing. */
async function answer(request: HttpRequest, step: Step, context: InteractionContext): Promise<HttpResponse> {
  let visit: Visit | undefined;
  const run = (): Promise<HttpResponse> =>
    context.unit.run(async () => {
      visit = await openVisit(request, context);
      return step(visit, context);
    });
  try {
    return await retryOnce(run);
  } catch (error) {
    return problemResponse(error, request, context, visit);
  }
}

/** Two first sign-ins of one person at the same moment: the second now finds the account of the first. */
async function retryOnce(run: () => Promise<HttpResponse>): Promise<HttpResponse> {
  try {
    return await run();
  } catch (error) {
    if (!isAppError(error) || error.code !== 'account_raced') throw error;
    return run();
  }
}
