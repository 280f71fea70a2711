import { computeStatement, sampleRoaming } from '@attestel/scenarios';

/** Seconds to settle so many usage rows of two partners in both directions by their tariff, to the cent. */
export function settleRows(count: number): number {
  const { tariffs, usage, operators } = sampleRoaming({ seed: 'bench' });
  const [deal] = tariffs;
  if (!deal) throw new Error('bench: the sample has no tariff');
  const [a = '', b = ''] = deal.parties;
  const counted = [a, b].map((owner) => {
    const tadig = operators.find(({ did }) => did === owner)?.tadig;
    const found = usage.find((one) => one.owner === owner && deal.parties.includes(one.partner));
    // What the visited network counted is what is settled.
    const own = (found?.items ?? []).filter(({ visitorTadig }) => visitorTadig === tadig);
    const rows = Array.from({ length: count / 2 }, (_, i) => own[i % own.length]);
    return { owner, rows: rows.filter((row) => row !== undefined) };
  });
  const start = performance.now();
  const { directions } = computeStatement({
    ...{ tariff: deal.terms, parties: deal.parties, usage: counted, closing: true, credits: [] },
    periods: { from: '202601', to: '202612' },
  });
  const seconds = (performance.now() - start) / 1000;
  if (counted.some(({ rows }) => rows.length !== count / 2)) throw new Error('bench: rows are missing');
  if (directions.some(({ unpriced }) => unpriced.length > 0)) throw new Error('bench: rows without a price');
  return seconds;
}
