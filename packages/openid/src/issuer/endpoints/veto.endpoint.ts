import { json, type Route, unixSeconds } from '@attestel/core';
import { z } from 'zod';
import { isStanding, verifyBindingStatement } from '../binding/binding-statement.ts';
import type { IssuerContext } from '../context.ts';
import { fail } from '../errors.ts';
import { holderOf } from '../status/copy-store.ts';
import { useOnce } from '../storage/used-once.ts';
import { applyEvent, readSubscriber } from '../subscribers/apply-event.ts';
import { readBody } from './read-body.ts';

const schema = z.strictObject({ statement: z.string().max(8192) });

/** The old key refuses a waiting re-binding. Any copy's holder key will do; no access token is needed. */
export const vetoEndpoint = (issuer: IssuerContext): Route => ({
  method: 'POST',
  path: `${issuer.basePath}/binding/veto`,
  summary: 'Refuse, with the old key, a re-binding that is waiting',
  errors: 'problem',
  accepts: ['application/json'],
  maxBodyBytes: 16_384,
  cors: true,
  async handle(request) {
    const { statement: compact } = readBody(request, schema);
    const statement = await verifyBindingStatement(issuer, compact, 'veto');
    const at = unixSeconds(issuer.clock);
    const applied = await issuer.store.transact((writer) => {
      for (const nonce of statement.once) if (!useOnce(writer, nonce, at)) throw fail('nonce_invalid');
      const holder = holderOf(writer, statement.holder);
      if (holder === undefined) throw fail('binding_statement_invalid');
      const { line } = readSubscriber(writer, holder.subscriptionId);
      if (!isStanding(line, holder.origin)) throw fail('binding_statement_invalid');
      const event = { type: 'veto', at, key: line.binding?.key ?? '' } as const;
      return applyEvent(writer, holder.subscriptionId, event, issuer.policy);
    });
    issuer.statuses.changed(applied.changedLists);
    issuer.logger.warn('line.vetoed', { subscription: applied.subscriber.subscriptionId });
    return json({ phase: applied.subscriber.line.phase });
  },
});
