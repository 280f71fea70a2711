import type { LogFields, Logger } from '@attestel/core';
import { type DestinationStream, type Logger as Pino, pino } from 'pino';

/** Field names that never reach a log line, whatever a caller passes by mistake. */
const REDACTED = [
  'phoneNumber',
  'phone_number',
  'msisdn',
  'handle',
  'subscription_handle',
  'token',
  'secret',
  'authorization',
  'txCode',
  'tx_code',
];

/** pino behind the core port. */
export function createLogger(level: string, base: LogFields, destination?: DestinationStream): Logger {
  const options = { level, base, redact: { paths: REDACTED, censor: '[redacted]' } };
  return wrap(destination ? pino(options, destination) : pino(options));
}

const wrap = (logger: Pino): Logger => ({
  debug: (event, fields) => logger.debug(fields ?? {}, event),
  info: (event, fields) => logger.info(fields ?? {}, event),
  warn: (event, fields) => logger.warn(fields ?? {}, event),
  error: (event, fields) => logger.error(fields ?? {}, event),
  child: (fields) => wrap(logger.child(fields)),
});
