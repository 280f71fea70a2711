import { createDraw, type Draw } from '../../sample/draw.ts';
import type { PartySheet } from '../modules/party.ts';
import { unitOf } from '../services.ts';
import type { Discount, ServicePrice, Tariff } from '../settlement/tariff.ts';
import type { UsageRow } from '../settlement/usage-row.ts';
import { SAMPLE_OPERATORS, type SampleOperator, sampleSheet } from './operators.ts';
import { sampleFiles, type TapFile } from './sample-files.ts';

export interface RoamingSample {
  readonly operators: readonly {
    readonly did: string;
    readonly tadig: string;
    readonly party: PartySheet;
    /** IR.21 XML, in the order of publication. The second one narrows the IP range from 15 December on. */
    readonly ir21: readonly string[];
  }[];
  readonly tariffs: readonly { readonly parties: readonly string[]; readonly terms: Tariff }[];
  /** What each party counted for each partner, in both directions. */
  readonly usage: readonly {
    readonly owner: string;
    readonly partner: string;
    readonly items: readonly UsageRow[];
  }[];
  readonly tap: readonly {
    readonly sender: string;
    readonly recipient: string;
    readonly files: readonly TapFile[];
  }[];
  /** Rows in which two parties do not say the same. */
  readonly differing: number;
}

const SERVICES = ['MOC Local', 'MOC Back Home', 'SMS MO', 'GPRS'] as const;
const MONTHS = 12;
/** Of a million rows. */
const DIFFERING = 50_000;

export interface RoamingSampleOptions {
  readonly seed: string;
  /** In the place of the invented ones. */
  readonly operators?: readonly SampleOperator[];
  /** Parties in the place of invented ones, in the order of the operators. */
  readonly dids?: readonly string[];
  /** First of the twelve months, `yyyymm`. Default 202601. */
  readonly from?: string;
}

/**
 * Invented operators, each a partner of the others: sheets, tariffs, a year of usage as both sides count it, one
 * row in twenty counted otherwise by the home network, and TAP summaries. The same options give the same bytes.
 */
export function sampleRoaming({
  seed,
  operators: chosen = SAMPLE_OPERATORS,
  dids = [],
  from = '202601',
}: RoamingSampleOptions): RoamingSample {
  const months = monthsFrom(from);
  const operators = chosen.map((operator, index) => ({
    ...operator,
    did: dids[index] ?? `did:mno:sample:${operator.tadig.toLowerCase()}`,
  }));
  const pairs = operators.flatMap((home) =>
    operators.filter((visitor) => visitor !== home).map((visitor) => ({ home, visitor })),
  );
  const counted = pairs.map((pair) => ({ ...pair, rows: rowsOf(pair, months, seed) }));
  return {
    operators: operators.map((operator) => ({
      did: operator.did,
      tadig: operator.tadig,
      party: partyOf(operator),
      ir21: [
        sampleSheet(operator, { created: '2026-10-01', effective: '2026-10-15', prefix: 24 }),
        sampleSheet(operator, { created: '2026-11-01', effective: '2026-12-15', prefix: 25 }),
      ],
    })),
    tariffs: pairs
      .filter(({ home, visitor }) => home.tadig < visitor.tadig)
      .map(({ home, visitor }) =>
        tariffOf([home, visitor], months, createDraw(seed, `tariff ${home.tadig} ${visitor.tadig}`)),
      ),
    usage: pairs.map(({ home: owner, visitor: partner }) => ({
      owner: owner.did,
      partner: partner.did,
      items: counted.flatMap(({ home, visitor, rows }) => {
        if (home === owner && visitor === partner) return rows.map(({ atHome }) => atHome);
        return home === partner && visitor === owner ? rows.map(({ visited }) => visited) : [];
      }),
    })),
    tap: pairs.map(({ home, visitor }) => ({
      sender: visitor.did,
      recipient: home.did,
      files: sampleFiles(visitor.tadig, home.tadig, createDraw(seed, `tap ${visitor.tadig} ${home.tadig}`)),
    })),
    differing: counted.flatMap(({ rows }) => rows).filter(({ visited, atHome }) => visited !== atHome).length,
  };
}

type Operator = SampleOperator & { readonly did: string };
type Pair = { readonly home: Operator; readonly visitor: Operator };

const partyOf = ({ name, country, tadig }: Operator): PartySheet => ({
  name,
  country,
  tadig: [tadig],
  contacts: [
    { purpose: 'commercial', name: `Roaming of ${name}`, email: `roaming@${tadig.toLowerCase()}.example` },
    {
      purpose: 'clearing',
      name: `Settlement of ${name}`,
      email: `settlement@${tadig.toLowerCase()}.example`,
    },
  ],
});

/** Hundredths of a unit, as text. */
const hundredths = (count: number): string =>
  `${Math.floor(count / 100)}.${String(count % 100).padStart(2, '0')}`;

/** Months in a row, beginning with that one. */
function monthsFrom(first: string): readonly string[] {
  const start = Number(first.slice(0, 4)) * 12 + Number(first.slice(4)) - 1;
  return Array.from({ length: MONTHS }, (_, i) => {
    const month = start + i;
    return `${Math.floor(month / 12)}${String((month % 12) + 1).padStart(2, '0')}`;
  });
}

function rowsOf(
  { home, visitor }: Pair,
  months: readonly string[],
  seed: string,
): readonly { visited: UsageRow; atHome: UsageRow }[] {
  const draw = createDraw(seed, `usage ${home.tadig} ${visitor.tadig}`);
  return months.flatMap((period) =>
    SERVICES.map((service) => {
      const count = 100_000 + draw.below(10_000_000);
      const whole = service === 'SMS MO';
      const textOf = (value: number): string => (whole ? String(Math.floor(value / 100)) : hundredths(value));
      const visited: UsageRow = {
        period,
        homeTadig: home.tadig,
        visitorTadig: visitor.tadig,
        service,
        usage: textOf(count),
        unit: unitOf(service) ?? '',
        currency: 'EUR',
      };
      const differs = draw.happens(DIFFERING);
      const atHome = differs ? { ...visited, usage: textOf(count + 100 + draw.below(20_000)) } : visited;
      return { visited, atHome };
    }),
  );
}

function tariffOf(
  [a, b]: readonly [Operator, Operator],
  months: readonly string[],
  draw: Draw,
): RoamingSample['tariffs'][number] {
  const cents = (from: number, to: number): string =>
    `0.${String(from + draw.below(to - from)).padStart(4, '0')}`;
  const discount = (home: Operator, visitor: Operator): Discount => ({
    home: home.did,
    commitment: { value: String(10_000 * (1 + draw.below(20))), currency: 'EUR' },
    groups: [
      {
        homeTadigs: [home.tadig],
        visitorTadigs: [visitor.tadig],
        services: SERVICES.map((service): ServicePrice => {
          const first = { start: '0', linearPrice: service === 'GPRS' ? cents(20, 60) : cents(200, 900) };
          const second = { start: '250000', linearPrice: cents(10, 20) };
          const thresholds = service === 'GPRS' ? [first, second] : [first];
          return { service, includedInCommitment: true, rate: { thresholds } };
        }),
      },
    ],
  });
  return {
    parties: [a.did, b.did].sort(),
    terms: {
      currency: 'EUR',
      term: { from: months[0] ?? '', to: months.at(-1) ?? '' },
      rounding: { rule: 'half-even', decimals: 2 },
      discounts: [discount(a, b), discount(b, a)],
    },
  };
}
