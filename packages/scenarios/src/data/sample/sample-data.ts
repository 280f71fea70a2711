import { createHash } from 'node:crypto';
import { createDraw, type Draw } from '../../sample/draw.ts';
import type { ConsentScope } from '../modules/data-consent.ts';
import type { PriceTable } from '../modules/data-price.ts';
import type { DataSet } from '../modules/data-set.ts';

export interface DataSample {
  readonly sets: readonly {
    readonly body: DataSet;
    /** CSV of the data and of its sample: what the checksums in the body are of. */
    readonly data: string;
    readonly sample: string;
  }[];
  readonly prices: PriceTable;
  readonly consents: readonly ConsentScope[];
}

export interface DataSampleOptions {
  readonly seed: string;
  /** Who has the data. */
  readonly owner?: string;
  /** Who asks for what subscribers allow. */
  readonly recipient?: string;
  readonly subjects?: number;
}

const CITIES = ['Guangzhou', 'Nanjing', 'Chengdu'] as const;
const CATEGORIES = ['mobility', 'coverage', 'tenure'] as const;
const DISTRICTS = 8;
const HOURS = 24;
const SAMPLE_ROWS = 4;
const SUBJECTS = 12;

/**
 * A catalogue of three data sets of an operator with their rows, the alliance's prices and what subscribers are asked to
 * allow: invented, without persons, the same bytes for the same options.
 */
export function sampleData({
  seed,
  owner = 'did:mno:sample:operator',
  recipient = 'did:mno:sample:bank',
  subjects = SUBJECTS,
}: DataSampleOptions): DataSample {
  return {
    sets: CITIES.map((city, i) => setOf(city, CATEGORIES[i] as string, createDraw(seed, `set ${city}`))),
    prices: {
      currency: 'CNY',
      rows: CATEGORIES.map((category, i) => ({ grade: 2, category, perUnit: `0.${25 + 5 * i}` })),
    },
    consents: Array.from({ length: subjects }, (_, i) =>
      consentOf({ owner, recipient }, createDraw(seed, `consent ${i}`)),
    ),
  };
}

function setOf(city: string, category: string, draw: Draw): DataSample['sets'][number] {
  const head = 'district,hour,count';
  const rows = Array.from({ length: DISTRICTS * HOURS }, (_, i) => {
    const district = `D${String(Math.floor(i / HOURS) + 1).padStart(2, '0')}`;
    return `${district},${String(i % HOURS).padStart(2, '0')},${50 + draw.below(5000)}`;
  });
  const csv = (lines: readonly string[]): string => `${[head, ...lines].join('\n')}\n`;
  const [data, sample] = [csv(rows), csv(rows.slice(0, SAMPLE_ROWS))];
  const body: DataSet = {
    title: `${category} by district and hour, ${city}`,
    description: 'Counts without persons; districts under twenty are left out.',
    publisher: 'Example operator',
    theme: [category],
    accrualPeriodicity: 'DAILY',
    spatial: city,
    temporal: { from: '2026-01-01T00:00:00Z', until: '2026-11-01T00:00:00Z' },
    grade: 2,
    category,
    right: 'Collected and de-identified by the publisher.',
    distribution: distributionOf(data),
    sample: distributionOf(sample),
  };
  return { body, data, sample };
}

const distributionOf = (csv: string) => ({
  mediaType: 'text/csv',
  byteSize: Buffer.byteLength(csv),
  checksum: sha256(csv),
});

const consentOf = (
  { owner, recipient }: { readonly owner: string; readonly recipient: string },
  draw: Draw,
): ConsentScope => ({
  subject: draw.id(),
  controller: owner,
  recipients: [recipient],
  purpose: 'dpv:CreditChecking',
  data: ['income-band', 'tenure'],
  notice: { uri: 'https://bank.example/privacy', digest: sha256('privacy notice') },
  language: draw.oneOf(['zh-CN', 'en']),
  storage: ['CN'],
  retentionDays: draw.oneOf([30, 90, 180]),
  jurisdiction: 'CN',
  withdrawal: 'https://bank.example/withdraw',
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
