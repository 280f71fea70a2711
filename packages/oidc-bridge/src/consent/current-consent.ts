import type { App } from '@attestel/registry';
import type { BridgeContext } from '../options.ts';
import type { Consent } from './consent-store.ts';
import { noticeOf } from './notice.ts';

/** What the person wants remembered of an app that still says what it said then: another purpose is another question. */
export async function findCurrent(
  context: Pick<BridgeContext, 'consents' | 'origin' | 'options'>,
  account: string,
  app: App,
): Promise<Consent | undefined> {
  const found = await context.consents.find(account, app.clientId);
  return found?.notice.digest === noticeOf(app, context).digest ? found : undefined;
}
