import { instantOf } from '../../src/module/instant.ts';
import { ROAMING_MODULES } from '../../src/roaming/index.ts';
import type { Tariff } from '../../src/roaming/settlement/tariff.ts';
import type { UsageRow } from '../../src/roaming/settlement/usage-row.ts';
import { Play } from '../harness/play.ts';

export const JP = 'did:mno:example:jp';
export const CN = 'did:mno:example:cn';
export const STRANGER = 'did:mno:example:kr';
export const CLEARING = 'did:mno:example:clearing';
export const ARBITER = 'did:mno:example:arbiter';

export const at = (text: string): number => instantOf(text, '/');

/** Two operators and a third one, with credentials of the channel's governors. */
export function startPlay(time = '2026-01-01T00:00:00Z'): Play {
  const play = new Play(ROAMING_MODULES, { time: at(time), channel: 'roaming' });
  play.hold({ subject: JP, type: 'Operator', claims: { tadig: ['JPNXX'] } });
  play.hold({ subject: CN, type: 'Operator', claims: { tadig: ['CHNYY'] } });
  play.hold({ subject: STRANGER, type: 'Operator', claims: { tadig: ['KORZZ'] } });
  return play;
}

const local = (linearPrice: string) => ({
  service: 'MOC Local',
  includedInCommitment: true,
  rate: { thresholds: [{ start: '0', linearPrice }] },
});

/** Customers of each pay in the other's network. */
export const tariff = (price = '0.50'): Tariff => ({
  currency: 'EUR',
  term: { from: '202604', to: '202704' },
  rounding: { rule: 'half-even', decimals: 2 },
  arbiter: ARBITER,
  discounts: [
    { home: JP, groups: [{ homeTadigs: ['JPNXX'], visitorTadigs: ['CHNYY'], services: [local(price)] }] },
    { home: CN, groups: [{ homeTadigs: ['CHNYY'], visitorTadigs: ['JPNXX'], services: [local('0.40')] }] },
  ],
});

export const usageRow = (usage: string, changed: Partial<UsageRow> = {}): UsageRow => ({
  period: '202605',
  homeTadig: 'JPNXX',
  visitorTadig: 'CHNYY',
  service: 'MOC Local',
  usage,
  unit: 'min',
  currency: 'EUR',
  ...changed,
});

/** A tariff in force from April on. @returns its id */
export function agreeTariff(play: Play, terms = tariff(), validFrom = '2026-04-01T00:00:00Z'): string {
  const { id } = play.run({
    module: 'roaming.iot',
    command: 'propose',
    as: JP,
    data: { parties: [CN], terms, validFrom },
  });
  play.run({ module: 'roaming.iot', command: 'sign', id, as: CN, data: { version: 1 } });
  return id;
}
