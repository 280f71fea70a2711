import { json, type Route } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { readBody } from '../endpoints/read-body.ts';
import { portOut } from '../porting/port-out.ts';
import { portOutBody } from './desk.schema.ts';
import { deskRoute } from './desk-route.ts';
import { findLine } from './find-line.ts';

/** 携号转网, donor's side: the line leaves, its credentials end, the person's handle goes along. */
export const deskPortOutEndpoint = (issuer: IssuerContext): Route =>
  deskRoute(
    issuer,
    { method: 'POST', path: '/port-out', summary: 'Hand a line over to another operator' },
    async (request, party) => {
      const body = readBody(request, portOutBody);
      const { subscriptionId } = await findLine(issuer, body);
      const portingRecords = await portOut(issuer, subscriptionId, body.to);
      issuer.logger.info('line.event', { subscription: subscriptionId, type: 'port-out', by: party.did });
      return json({ subscriptionId, portingRecords });
    },
  );
