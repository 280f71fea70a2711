import type { Clock } from '@attestel/core';
import type { Alarm, CommitMeter, Ledger } from '@attestel/ledger';
import { parseNote } from '@attestel/proof';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What a ledger tells of its commits and answers, before any node serves it. */
export interface LedgerMeter extends CommitMeter {
  /** The same ledger; what it refuses is counted. */
  watch<T extends Ledger>(ledger: T): T;
  /** Puts the metrics of this ledger into a node's registry. */
  register(registry: Registry, source: LedgerMetricsSource): void;
}

export interface LedgerMetricsSource {
  readonly ledger: Pick<Ledger, 'head'>;
  readonly clock: Clock;
  readonly alarms?: (() => readonly Alarm[]) | undefined;
}

const COSIGNATURE_BYTES = 72;

export function createLedgerMeter(): LedgerMeter {
  const operations = new Counter({
    name: 'attestel_ledger_operations_total',
    help: 'Operations that became durable here since the process began',
    registers: [],
  });
  const refused = new Counter({
    name: 'attestel_ledger_operations_refused_total',
    help: 'Operations that were submitted here and refused, since the process began',
    registers: [],
  });
  const commits = new Histogram({
    name: 'attestel_ledger_commit_seconds',
    help: 'Signing and durable writing of a block in seconds',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    registers: [],
  });
  return {
    now: () => performance.now(),
    committed({ operations: count, milliseconds }) {
      operations.inc(count);
      commits.observe(milliseconds / 1000);
    },
    watch: (ledger) =>
      Object.create(ledger, {
        submit: {
          async value(...given: Parameters<Ledger['submit']>) {
            const results = await ledger.submit(...given);
            refused.inc(results.filter(({ ok }) => !ok).length);
            return results;
          },
        },
      }),
    register(registry, source) {
      for (const metric of [operations, refused, commits]) registry.registerMetric(metric as never);
      registerGauges(registry, source);
    },
  };
}

/** Read when somebody asks, so that no listener is needed. */
function registerGauges(registry: Registry, { ledger, clock, alarms }: LedgerMetricsSource): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `attestel_ledger_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge('height', 'Blocks in the ledger', () => ledger.head().height);
  gauge('entries', 'Entries in the log', () => ledger.head().size);
  gauge('seconds_since_block', 'Seconds since the time of the last block', () =>
    Math.max(0, clock.now() / 1000 - ledger.head().time),
  );
  gauge('cosignatures', 'Cosignatures known of the newest checkpoint', () =>
    cosignatures(ledger.head().checkpoint),
  );
  gauge('alarms', 'Faults found with the log that this node follows', () => alarms?.().length ?? 0);
}

const cosignatures = (note: string): number =>
  note === ''
    ? 0
    : parseNote(note).signatures.filter(({ signature }) => signature.length === COSIGNATURE_BYTES).length;
