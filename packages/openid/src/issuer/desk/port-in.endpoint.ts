import { json, type Route } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { readBody } from '../endpoints/read-body.ts';
import { portIn } from '../porting/port-in.ts';
import { portInBody } from './desk.schema.ts';
import { deskRoute } from './desk-route.ts';
import { newSubscriptionId, UNNAMED } from './find-line.ts';
import { subscriberView } from './subscriber-view.ts';

/** 携号转网, recipient's side: a new subscription for the same person, under the same handle. */
export const deskPortInEndpoint = (issuer: IssuerContext): Route =>
  deskRoute(
    issuer,
    { method: 'POST', path: '/port-in', summary: 'Take a line over from another operator' },
    async (request, party) => {
      const body = readBody(request, portInBody);
      const subscriber = await portIn(issuer, {
        phoneNumber: body.phoneNumber,
        portingRecords: body.portingRecords,
        subscriptionId: body.subscriptionId ?? newSubscriptionId(issuer),
        holderName: body.holderName ?? UNNAMED,
      });
      issuer.logger.info('line.event', {
        subscription: subscriber.subscriptionId,
        type: 'port-in',
        by: party.did,
      });
      return json(subscriberView(subscriber), 201);
    },
  );
