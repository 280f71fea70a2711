import { json, type Route, unixSeconds } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { readBody } from '../endpoints/read-body.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import type { Within } from '../subscribers/subscribers.ts';
import { type EventBody, eventBody } from './desk.schema.ts';
import { deskRoute } from './desk-route.ts';
import { newSubscriptionId, UNNAMED } from './find-line.ts';
import { repeatable } from './idempotency.ts';
import { subscriberView } from './subscriber-view.ts';

/** Records what happened to a line. State, handle and the status of all its credentials move together. */
export const deskEventsEndpoint = (issuer: IssuerContext): Route =>
  deskRoute(
    issuer,
    { method: 'POST', path: '/lines/:subscriptionId/events', summary: 'Record an event of a line' },
    async (request, party) => {
      const body = readBody(request, eventBody);
      const repetition = repeatable(request, party.did);
      const before = repetition.answer(issuer.store);
      if (before !== undefined) return json(before);
      const id = request.params.subscriptionId ?? '';
      const subscriber = await recordEvent(issuer, id, body, (writer, changed) =>
        repetition.keep(writer, subscriberView(changed), unixSeconds(issuer.clock)),
      );
      issuer.logger.info('line.event', { subscription: id, type: body.type, by: party.did });
      return json(subscriberView(subscriber));
    },
  );

/** @throws AppError event_refused, subscriber_not_found */
export function recordEvent(
  issuer: IssuerContext,
  id: string,
  body: EventBody,
  within?: Within,
): Promise<Subscriber> {
  const { subscribers } = issuer;
  const at = unixSeconds(issuer.clock);
  switch (body.type) {
    case 'transfer':
      return subscribers.transfer(id, { holderName: body.holderName ?? UNNAMED }, within);
    case 'recycle': {
      const subscriptionId = body.subscriptionId ?? newSubscriptionId(issuer);
      return subscribers.recycle(id, { subscriptionId, holderName: body.holderName ?? UNNAMED }, within);
    }
    case 'suspend':
      return subscribers.apply(id, { type: 'suspend', reason: body.reason ?? 'operator', at }, within);
    default:
      return subscribers.apply(id, { ...body, at }, within);
  }
}
