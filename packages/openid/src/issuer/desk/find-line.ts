import type { IssuerContext } from '../context.ts';
import { fail } from '../errors.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';

/** @throws AppError subscriber_not_found */
export async function findLine(
  issuer: IssuerContext,
  by: { readonly subscriptionId?: string | undefined; readonly phoneNumber?: string | undefined },
): Promise<Subscriber> {
  const found =
    by.subscriptionId === undefined
      ? await issuer.subscribers.findByNumber(by.phoneNumber ?? '')
      : issuer.subscribers.get(by.subscriptionId);
  if (found === undefined) throw fail('subscriber_not_found');
  return found;
}

/** For lines whose person the desk did not name. */
export const UNNAMED = { 'zh-CN': '未登记姓名', en: 'name not recorded' } as const;

export const newSubscriptionId = (issuer: IssuerContext): string =>
  `sub-${Buffer.from(issuer.random.bytes(10)).toString('hex')}`;
