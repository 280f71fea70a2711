import { json, type Route } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { fail } from '../errors.ts';
import { PHONE_NUMBER } from '../subscribers/subscriber.ts';
import { deskRoute } from './desk-route.ts';
import { findLine } from './find-line.ts';
import { subscriberView } from './subscriber-view.ts';

/** The line of a number. Only at the desk: nobody outside may ask whether a number is a customer's. */
export const deskSubscribersEndpoint = (issuer: IssuerContext): Route =>
  deskRoute(
    issuer,
    { method: 'GET', path: '/subscribers', summary: 'Find a line by its number' },
    async (request) => {
      // A plus sign that was not percent-encoded arrives as a space.
      const phoneNumber = (request.url.searchParams.get('number') ?? '').replace(/^ /, '+');
      if (!PHONE_NUMBER.test(phoneNumber)) throw fail('body_invalid', { field: 'number' });
      return json(subscriberView(await findLine(issuer, { phoneNumber })));
    },
  );
