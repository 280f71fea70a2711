import { type Html, html, isAppError, negotiateLocale, trustedHtml } from '@attestel/core';
import type { errors, KoaContextWithOIDC } from 'oidc-provider';
import { textsOf } from '../i18n/catalogue.ts';
import type { BridgeContext } from '../options.ts';
import { layout, originsOf, pageHeaders } from '../pages/layout.ts';
import { problemOf, problemPage } from '../pages/problem.page.ts';

const localeOf = (ctx: KoaContextWithOIDC) => {
  const wanted = ctx.oidc?.params?.ui_locales ?? ctx.query.ui_locales;
  return negotiateLocale(typeof wanted === 'string' ? wanted : undefined, ctx.get('accept-language'));
};

function write(ctx: KoaContextWithOIDC, body: Html, formTargets: readonly string[] = []): void {
  ctx.type = 'html';
  ctx.body = body.markup;
  ctx.set(pageHeaders(formTargets));
}

/** Errors that cannot be sent to the app: unknown client, wrong redirect URI, expired sign-in. */
export function renderProviderError(
  ctx: KoaContextWithOIDC,
  out: { readonly error: string },
  error: errors.OIDCProviderError | Error,
  { options }: BridgeContext,
): void {
  const trace = ctx.get('x-correlator') || '-';
  const internal = out.error === 'server_error';
  if (internal) {
    options.logger.error('provider.failed', { trace, cause: isAppError(error) ? error.code : error.message });
  } else options.logger.info('provider.refused', { trace, code: out.error });
  const problem = internal
    ? 'internal'
    : error.name === 'SessionNotFound'
      ? 'login_expired'
      : out.error === 'invalid_client'
        ? 'app_not_active'
        : 'request_refused';
  write(ctx, problemPage({ locale: localeOf(ctx), problem, trace, code: out.error }));
}

/** What oidc-provider has put on an answer that is not true any more. */
const WITHDRAWN = ['location', 'set-cookie', 'content-type', 'content-length'];

/**
 * The answer was made, but what it stands on was not written: none of it may leave. Koa's own way would take all
 * headers along, those that protect too, and tell standard error rather than the log.
 */
export function withdraw(ctx: KoaContextWithOIDC, error: unknown, { options }: BridgeContext): void {
  const known = isAppError(error) ? error : undefined;
  const trace = ctx.get('x-correlator') || '-';
  const cause = known?.code ?? (error instanceof Error ? error.message : 'unknown');
  options.logger.error('provider.withdrawn', { trace, cause });
  for (const name of WITHDRAWN) ctx.remove(name);
  ctx.set('cache-control', 'no-store');
  const reused = known?.code === 'code_reused';
  ctx.status = reused ? 400 : (known?.status ?? 500);
  if (ctx.accepts('json', 'html') === 'html') {
    write(ctx, problemPage({ locale: localeOf(ctx), problem: problemOf(known?.code), trace }));
  } else {
    // RFC 6749 §5.2: a code that another request has used is an invalid grant.
    ctx.body = { error: reused ? 'invalid_grant' : 'server_error' };
  }
}

/** RP-initiated logout: the person is asked (OpenID Connect RP-Initiated Logout 1.0 §2). */
export function renderLogout(ctx: KoaContextWithOIDC, form: string): void {
  const locale = localeOf(ctx);
  const text = textsOf(locale);
  const after = ctx.oidc.params?.post_logout_redirect_uri;
  write(
    ctx,
    layout({
      locale,
      title: text('logout.title'),
      body: html`<h1>${text('logout.title')}</h1>
<p>${text('logout.text')}</p>
${trustedHtml(form)}
<div class="actions">
<button class="button primary" type="submit" form="op.logoutForm" name="logout" value="yes">${text('logout.yes')}</button>
<button class="button" type="submit" form="op.logoutForm">${text('logout.no')}</button>
</div>`,
    }),
    typeof after === 'string' ? originsOf([after]) : [],
  );
}

export function renderLoggedOut(ctx: KoaContextWithOIDC): void {
  const locale = localeOf(ctx);
  const text = textsOf(locale);
  write(
    ctx,
    layout({
      locale,
      title: text('logout.done.title'),
      body: html`<h1>${text('logout.done.title')}</h1><p>${text('logout.done.text')}</p>`,
    }),
  );
}

/**
 * Pages that oidc-provider writes itself (form_post, leaving a session) carry a script of theirs; it adds
 * the script's hash to a policy it finds, so one must be there before.
 */
export function guardProviderPages(ctx: KoaContextWithOIDC): void {
  ctx.set(pageHeaders());
}

/** A form_post response leaves for the app. */
export function openFormTarget(ctx: KoaContextWithOIDC): void {
  const target = ctx.oidc?.params?.redirect_uri;
  const policy = ctx.response.get('content-security-policy');
  if (typeof target !== 'string' || ctx.oidc.params?.response_mode !== 'form_post' || !policy) return;
  ctx.set(
    'content-security-policy',
    policy.replace("form-action 'self'", `form-action 'self' ${originsOf([target])}`),
  );
}
