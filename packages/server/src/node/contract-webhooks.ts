import { unixSeconds } from '@attestel/core';
import {
  type ContractHost,
  createKnownModules,
  createLedgerView,
  createWebhooks,
  type Module,
  type Webhook,
  type Webhooks,
} from '@attestel/scenarios';
import type { WebhookConfig } from '../contracts-config.schema.ts';
import { fail } from '../errors.ts';
import { readConfiguredFile } from './configured-files.ts';
import { later } from './later.ts';
import type { RoleContext } from './role.ts';

interface Sources {
  readonly ports: RoleContext['ports'];
  readonly host: ContractHost;
  readonly modules: readonly Module[];
  readonly party: string;
  readonly baseUrl: string;
}

/** Tells the party's own systems what its host folds. @throws AppError config_invalid for a file that is no header value */
export async function startWebhooks(
  { ports, host, modules, party, baseUrl }: Sources,
  configured: readonly WebhookConfig[],
): Promise<Webhooks> {
  const { ledger, clock, logger } = ports;
  return createWebhooks({
    ...{ host, party, baseUrl, logger, later, store: ports.party.store },
    ledger: createLedgerView(ledger, () => unixSeconds(clock)),
    modules: createKnownModules(modules),
    hooks: await Promise.all(configured.map(webhookOf)),
  });
}

async function webhookOf({ id, url, channels, modules, authorizationFile }: WebhookConfig): Promise<Webhook> {
  const headers =
    authorizationFile === undefined
      ? {}
      : { headers: { authorization: await headerOf(authorizationFile, id) } };
  return { id, url, ...headers, ...(channels && { channels }), ...(modules && { modules }) };
}

/** RFC 9110 §5.5: visible characters and spaces; nothing of it gets into an error. */
async function headerOf(file: string, id: string): Promise<string> {
  const field = `roles.contracts.webhooks ${id}.authorizationFile`;
  const value = Buffer.from(await readConfiguredFile(file, field))
    .toString('latin1')
    .trim();
  if (!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)) throw fail('config_invalid', { field });
  return value;
}
