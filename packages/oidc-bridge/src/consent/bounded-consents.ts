import { isAppError, type Logger } from '@attestel/core';
import { fail } from '../errors.ts';
import type { ConsentStore } from './consent-store.ts';

/** A person looks at a page that does not move for so long, and no longer. */
const WAIT_MILLISECONDS = 10_000;

/**
 * The store with an end to every wait. What was not written in time may still come to be: it is what the person
 * said, and they are told that it is not certain. @throws AppError consent_not_recorded
 */
export function boundConsents(
  store: ConsentStore,
  logger: Pick<Logger, 'error'>,
  milliseconds = WAIT_MILLISECONDS,
): ConsentStore {
  const bounded = async <T>(work: Promise<T>): Promise<T> => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new TypeError('took too long')), milliseconds);
    try {
      return await Promise.race([work, late]);
    } catch (cause) {
      const reason = isAppError(cause) ? cause.code : cause instanceof Error ? cause.message : 'unknown';
      logger.error('consent.not_recorded', { cause: reason });
      throw fail('consent_not_recorded', { cause });
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    find: (account, clientId) => bounded(store.find(account, clientId)),
    save: (account, clientId, choice) => bounded(store.save(account, clientId, choice)),
    remove: (account, clientId) => bounded(store.remove(account, clientId)),
    list: (account) => bounded(store.list(account)),
  };
}
