import { CREDENTIAL_LIMITS } from '@attestel/credentials';
import { z } from 'zod';
import { PHONE_NUMBER, SUBSCRIPTION_ID } from '../subscribers/subscriber.ts';

const phoneNumber = z.string().regex(PHONE_NUMBER);
const subscriptionId = z.string().regex(SUBSCRIPTION_ID);
const did = z.string().regex(/^did:[a-z0-9]+:[A-Za-z0-9._:-]{1,200}$/);
const text = z.string().min(1).max(100);
const holderName = z.strictObject({ 'zh-CN': text, en: text });

/** A line, by the operator's id for it or by its number; exactly one of the two. */
const line = { subscriptionId: subscriptionId.optional(), phoneNumber: phoneNumber.optional() };
const isOneLine = (body: { subscriptionId?: unknown; phoneNumber?: unknown }): boolean =>
  (body.subscriptionId === undefined) !== (body.phoneNumber === undefined);

export const offerBody = z
  .strictObject({ ...line, method: z.enum(['kyc_in_person', 'ts43_eap_aka', 'network']).optional() })
  .refine(isOneLine, { path: ['subscriptionId'] });

const plainEvent = <const Type extends string>(type: Type) => z.strictObject({ type: z.literal(type) });

export const eventBody = z.discriminatedUnion('type', [
  plainEvent('sim-swap'),
  plainEvent('loss'),
  plainEvent('re-issue'),
  plainEvent('resume'),
  plainEvent('terminate'),
  plainEvent('death'),
  z.strictObject({ type: z.literal('suspend'), reason: z.enum(['customer', 'operator']).optional() }),
  z.strictObject({ type: z.literal('corporate'), corporate: z.boolean() }),
  z.strictObject({ type: z.literal('transfer'), holderName: holderName.optional() }),
  z.strictObject({
    type: z.literal('recycle'),
    holderName: holderName.optional(),
    subscriptionId: subscriptionId.optional(),
  }),
]);

export const portOutBody = z
  .strictObject({ ...line, to: did })
  .refine(isOneLine, { path: ['subscriptionId'] });

export const portInBody = z.strictObject({
  phoneNumber,
  subscriptionId: subscriptionId.optional(),
  holderName: holderName.optional(),
  portingRecords: z.array(z.string().max(4096)).min(1).max(CREDENTIAL_LIMITS.portingRecords),
});

export type EventBody = z.output<typeof eventBody>;
