import { hash } from 'node:crypto';
import { canonicalizeJson, type Route } from '@attestel/core';
import type { App } from '@attestel/registry';
import { fail } from '../errors.ts';
import type { BridgeContext } from '../options.ts';
import { CONSENT_DAYS } from './consent-store.ts';

const PATH = '/consents/notices';

export interface Notice {
  readonly uri: string;
  /** SHA-256 in hex of what is found there. */
  readonly digest: string;
}

type NoticeContext = Pick<BridgeContext, 'origin' | 'options'>;

/** What people are told before they agree, as the registry has it: JSON by RFC 8785. */
const textOf = (app: App, { options }: NoticeContext): string =>
  canonicalizeJson({
    ...{ app: app.clientId, member: app.member, controller: options.party.did, keptDays: CONSENT_DAYS },
    name: { ...app.name },
    purpose: { ...app.purpose },
    claims: ['sub', ...app.claims],
  });

/** The notice about an app, for a record of consent to point to. */
export function noticeOf(app: App, context: NoticeContext): Notice {
  return { uri: `${context.origin}${PATH}/${app.clientId}`, digest: hash('sha256', textOf(app, context)) };
}

/** Notices as they read now; one of before had another digest. */
export const noticeRoute = (context: NoticeContext): Route => ({
  method: 'GET',
  path: `${PATH}/:clientId`,
  summary: 'What people are told before they agree to what an app may know',
  errors: 'problem',
  cors: true,
  handle({ params }) {
    const app = context.options.registry.app(params.clientId ?? '');
    if (!app) throw fail('app_unknown');
    return { status: 200, headers: { 'content-type': 'application/json' }, body: textOf(app, context) };
  },
});
