import { type AgreementState, agreement } from '../../kinds/agreement.ts';
import type { Context, Grant, Recorded } from '../../module/module.ts';
import { DID } from '../../module/shapes.ts';
import { OPERATOR, ownsCodes, ROAMING_PARTNER } from '../credentials.ts';
import { checkTariff, type Tariff, tariffSchema } from '../settlement/tariff.ts';
import { refuse } from '../xml/element.ts';

const NOTICE_DAYS = 60;
const NOTICE = NOTICE_DAYS * 86_400;

/** Codes that a tariff says are the party's: of its customers' networks, and of those where the other's roam. */
const codesOf = ({ discounts }: Tariff, party: string): readonly string[] =>
  discounts.flatMap(({ home, groups }) =>
    groups.flatMap(({ homeTadigs, visitorTadigs }) => (home === party ? homeTadigs : visitorTadigs)),
  );

const owns = ({ terms, context }: { terms: Tariff | undefined; context: Context }): boolean =>
  terms !== undefined && ownsCodes(context, codesOf(terms, context.party));

const proposes = ({ data, context }: { data: unknown; context: Context }): boolean =>
  owns({ terms: (data as { terms: Tariff }).terms, context });

/** Inter-operator tariff (AA.14): two operators, in force 60 days after it was proposed at the earliest, and 60 days longer than who ends it says so. */
export const roamingIot = agreement<Tariff>({
  name: 'roaming.iot',
  version: '1.0.0',
  summary: { 'zh-CN': '漫游资费协议（IOT）', en: 'Inter-operator tariff (IOT)' },
  blind: true,
  terms: tariffSchema(DID),
  size: { min: 2, max: 2 },
  notice: { effect: NOTICE, termination: NOTICE },
  credentials: { ...OPERATOR, ...ROAMING_PARTNER },
  may: {
    propose: proposes,
    counter: proposes,
    supersede: proposes,
    sign: ({ state, context }) => owns({ terms: state?.pending?.terms, context }),
  },
  check: ({ terms, parties }) => {
    checkTariff(terms);
    for (const [index, { home }] of terms.discounts.entries())
      if (!parties.includes(home)) throw refuse(`/terms/discounts/${index}/home`, 'party');
  },
  gives: [
    {
      type: 'RoamingPartner',
      on: 'agreed',
      revokedOn: ['terminated'],
      // A tariff that follows another one changes nothing between the two.
      to: ({ agreed, parties }: AgreementState<Tariff>) =>
        agreed.length === 1 ? partnersUntil(parties, null) : [],
    },
    {
      type: 'RoamingPartner',
      on: 'terminated',
      // Partners they are until the tariff ends, and it may end later than it is terminated.
      to: ({ end, parties }: AgreementState<Tariff>, { time }: Recorded) =>
        end && end.from > time ? partnersUntil(parties, end.from) : [],
    },
  ],
});

const partnersUntil = (parties: readonly string[], until: number | null): readonly Grant[] =>
  parties.flatMap((subject) =>
    parties
      .filter((partner) => partner !== subject)
      .map((partner) => ({ subject, claims: { partner }, until })),
  );
