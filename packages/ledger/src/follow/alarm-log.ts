import { type Clock, type Logger, type Store, unixSeconds } from '@attestel/core';
import { fail } from '../errors.ts';
import { TABLES, u64 } from '../tables.ts';
import { type Alarm, decodeAlarm, type Evidence, encodeAlarm } from './evidence.ts';

/** Alarms of one follower, durable beside its ledger. */
export interface AlarmLog {
  all(): readonly Alarm[];
  /** The newest alarm that nobody has acknowledged: while there is one, nothing is followed and nothing cosigned. */
  standing(): Alarm | undefined;
  /** Resolves when it is durable. */
  raise(evidence: Evidence, shownBy: string): Promise<Alarm>;
}

/**
 * `acknowledged`: number of the last alarm that the operator of this node has looked into. @throws AppError alarm_unknown
 * for one that was never raised: it would silence alarms that nobody has seen
 */
export function createAlarmLog(
  store: Store,
  { clock, logger, acknowledged = 0 }: { clock: Clock; logger: Logger; acknowledged?: number | undefined },
): AlarmLog {
  const all = (): Alarm[] => Array.from(store.range(TABLES.alarms), ([, bytes]) => decodeAlarm(bytes));
  if (acknowledged > (all().at(-1)?.id ?? 0)) throw fail('alarm_unknown');
  return {
    all,
    standing: () => all().findLast(({ id }) => id > acknowledged),
    async raise(evidence, shownBy) {
      const id = (all().at(-1)?.id ?? 0) + 1;
      const alarm = { id, time: unixSeconds(clock), shownBy, evidence };
      logger.error('log_at_fault', { alarm: id, kind: evidence.kind, shownBy });
      await store.transact((writer) => writer.put(TABLES.alarms, u64(id), encodeAlarm(alarm)));
      return alarm;
    },
  };
}
