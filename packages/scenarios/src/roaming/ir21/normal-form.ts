import type { JsonSchema } from '../../module/module.ts';
import { INSTANT, list, nullable, oneOf, shape, text } from '../../module/shapes.ts';
import { TADIG_CODE } from '../tadig.ts';

/** Numbers `cc` `ndc` `from`…`to`: from and to as long as each other, null for all numbers of the NDC. */
export type NumberRange = {
  readonly cc: string;
  readonly ndc: string;
  readonly from: string | null;
  readonly to: string | null;
};

/** A part of a network's sheet that changes at one time. */
export type Ir21Section = {
  /** EffectiveDateOfChange, `yyyy-mm-dd`; null where the section says none. */
  readonly effective: string | null;
  readonly content: Ir21Content;
};

/** Lists are in the order of their texts: RAEX gives the order no meaning. */
export type Ir21Content = {
  readonly msisdn?: readonly NumberRange[];
  readonly gt?: readonly NumberRange[];
  readonly msrn?: readonly NumberRange[];
  readonly mcc?: string;
  readonly mnc?: string;
  readonly mgtCc?: string;
  readonly mgtNc?: string;
  readonly portability?: string;
  readonly providers?: readonly string[];
  readonly addresses?: readonly string[];
  readonly asns?: readonly string[];
  readonly apns?: readonly string[];
  /** What else the section says: path of the element, a space, its text. */
  readonly other: readonly string[];
};

export type Ir21Network = {
  readonly tadig: string;
  readonly name: string;
  readonly type: string;
  readonly mcc: string;
  readonly mnc: string;
  /** `HPMN`, `VPMN` or both: whether its customers roam, and whether it takes in others'. */
  readonly roles: readonly string[];
  readonly sections: { readonly [name: string]: Ir21Section };
};

/** RAEX IR.21 in one form, whichever of the shapes in use it came in. Networks in the order of their codes. */
export type Ir21 = {
  readonly sender: string;
  /** FileCreationTimestamp in whole seconds, RFC 3339 with the sender's zone. */
  readonly created: string;
  readonly organisation: string;
  readonly country: string;
  readonly networks: readonly Ir21Network[];
};

const digits = (max: number): JsonSchema => ({ type: 'string', pattern: `^[0-9]{1,${max}}$` });

const RANGES = list(
  shape({ cc: digits(3), ndc: digits(15), from: nullable(digits(15)), to: nullable(digits(15)) }),
  10_000,
);

const LINES = list({ type: 'string', maxLength: 8192 }, 20_000);

const CONTENT = shape(
  {
    msisdn: RANGES,
    gt: RANGES,
    msrn: RANGES,
    mcc: digits(3),
    mnc: digits(3),
    mgtCc: digits(3),
    mgtNc: digits(15),
    portability: text(64),
    providers: LINES,
    addresses: LINES,
    asns: list(digits(10), 10_000),
    apns: LINES,
    other: LINES,
  },
  'msisdn gt msrn mcc mnc mgtCc mgtNc portability providers addresses asns apns'.split(' '),
);

const DAY: JsonSchema = { type: 'string', format: 'date' };

const NETWORK = shape({
  tadig: TADIG_CODE,
  name: text(256),
  type: text(256),
  mcc: digits(3),
  mnc: digits(3),
  roles: { ...list(oneOf('HPMN', 'VPMN'), 2, 1), uniqueItems: true },
  sections: {
    type: 'object',
    maxProperties: 64,
    additionalProperties: shape({ effective: nullable(DAY), content: CONTENT }),
  },
});

/** The normal form; `readIr21` gives nothing else. */
export const IR21: JsonSchema = shape({
  sender: TADIG_CODE,
  created: INSTANT,
  organisation: text(256),
  country: { type: 'string', pattern: '^[A-Z]{3}$' },
  networks: list(NETWORK, 200, 1),
});
