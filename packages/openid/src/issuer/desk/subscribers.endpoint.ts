import { json, type Route } from '@attestel/core';
import { z } from 'zod';
import type { IssuerContext } from '../context.ts';
import { readBody } from '../endpoints/read-body.ts';
import { PHONE_NUMBER } from '../subscribers/subscriber.ts';
import { deskRoute } from './desk-route.ts';
import { findLine } from './find-line.ts';
import { subscriberView } from './subscriber-view.ts';

const body = z.strictObject({ phoneNumber: z.string().regex(PHONE_NUMBER) });

/**
 * The line of a number. Only at the desk: nobody outside may ask whether a number is a customer's. By POST,
 * because addresses end in the logs of everything in between.
 */
export const deskSubscribersEndpoint = (issuer: IssuerContext): Route =>
  deskRoute(
    issuer,
    { method: 'POST', path: '/subscribers/search', summary: 'Find a line by its number' },
    async (request) => json(subscriberView(await findLine(issuer, readBody(request, body)))),
  );
