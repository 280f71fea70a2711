import { z } from 'zod';
import { type ImportNote, NUMBER, parseShape } from './parse-shape.ts';

const VALUE = z.strictObject({ dealValue: NUMBER, shortOfCommitment: NUMBER, usage: NUMBER });
const DIRECTION = z.strictObject({
  tax: z.unknown(),
  currency: z.string(),
  services: z.strictObject({
    voice: z.strictObject({
      MOC: z.strictObject({
        local: VALUE,
        backHome: VALUE,
        international: VALUE,
        premium: VALUE,
        ROW: VALUE,
        EU: VALUE,
        EEA: VALUE,
        satellite: VALUE,
        videoTelephony: VALUE,
        specialDestinations: VALUE,
      }),
      MTC: VALUE,
    }),
    SMS: z.strictObject({ MO: VALUE, MT: VALUE }),
    data: z.array(z.strictObject({ name: z.string(), value: VALUE })),
    access: z.strictObject({ networkAccess: VALUE }),
  }),
});
const SETTLEMENT = z.object({ inbound: DIRECTION, outbound: DIRECTION });

export interface BwrpLine {
  readonly service: string;
  readonly amount: string;
  readonly usage: string;
  readonly shortfall: string;
}

export interface BwrpDirection {
  readonly currency: string;
  readonly lines: readonly BwrpLine[];
}

export interface BwrpSettlement {
  readonly inbound: BwrpDirection;
  readonly outbound: BwrpDirection;
  readonly warnings: readonly ImportNote[];
}

/**
 * Reads what the pilot's engine settled, to be compared with what we do. It writes `EURO` for EUR: this is taken for it,
 * with a warning.
 * @throws AppError invalid_argument with a pointer into the file
 */
export function readBwrpSettlement(text: string): BwrpSettlement {
  const { inbound, outbound } = parseShape(SETTLEMENT, text);
  const warnings = Object.entries({ inbound, outbound }).flatMap(([direction, { currency }]) =>
    currency === 'EURO'
      ? [{ field: `/${direction}/currency`, rule: 'EURO taken for EUR', value: currency }]
      : [],
  );
  return { inbound: directionOf(inbound), outbound: directionOf(outbound), warnings };
}

const MOC_NAMES: Readonly<Record<keyof z.infer<typeof DIRECTION>['services']['voice']['MOC'], string>> = {
  local: 'MOC Local',
  backHome: 'MOC Back Home',
  international: 'MOC International',
  premium: 'MOC Premium',
  ROW: 'MOC ROW',
  EU: 'MOC EU',
  EEA: 'MOC EEA',
  satellite: 'MOC Satellite',
  videoTelephony: 'MOC Video Telephony',
  specialDestinations: 'MOC Special Destinations',
};

function directionOf({ currency, services }: z.infer<typeof DIRECTION>): BwrpDirection {
  const { voice, SMS, data, access } = services;
  const values: (readonly [string, z.infer<typeof VALUE>])[] = [
    ...Object.entries(voice.MOC).map(
      ([name, value]) => [MOC_NAMES[name as keyof typeof MOC_NAMES], value] as const,
    ),
    ['MTC', voice.MTC],
    ['SMS MO', SMS.MO],
    ['SMS MT', SMS.MT],
    ...data.map(({ name, value }) => [name === 'signalling' ? 'Signalling' : name, value] as const),
    ['Network Access', access.networkAccess],
  ];
  return {
    currency: currency === 'EURO' ? 'EUR' : currency,
    lines: values.map(([service, { dealValue, usage, shortOfCommitment }]) => ({
      service,
      amount: dealValue,
      usage,
      shortfall: shortOfCommitment,
    })),
  };
}
