import { createHash } from 'node:crypto';
import { type Clock, unixSeconds } from '@attestel/core';
import { instantText } from '@attestel/scenarios';
import { DATA_CHANNEL } from './participants.ts';
import { credential, type Seeding } from './seeding.ts';

const OWNER = 'zhonglian';
const YEAR = 365 * 86_400;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A data set with a sample, and a consent that waits for the subscriber's word. */
export async function seedData({ once, did }: Seeding, clock: Clock): Promise<void> {
  const owner = did(OWNER);
  const given = (type: string, subject: string, claims: object) =>
    credential(
      { at: OWNER, to: OWNER, channel: DATA_CHANNEL },
      { type, subject: did(subject), keeper: owner, claims },
    );
  await once('data/manager', given('DataManager', 'data-manager', { owner }));
  await once('data/subject', given('DataSubject', 'subscriber', { known: owner }));
  const checksum = sha256('district,hour,count');
  await once('data/set', {
    ...{ at: OWNER, by: 'data-manager', channel: DATA_CHANNEL, module: 'data.set@1', command: 'publish' },
    data: { body: { ...FOOTFALL, distribution: { ...CSV, checksum } } },
  });
  await once('data/consent', {
    ...{ at: 'bank', channel: DATA_CHANNEL, module: 'data.consent@1', command: 'request' },
    data: {
      scope: {
        // Random, as every name of a person among parties; this one stands in the source because the demo is invented.
        subject: sha256('subscriber of the demo').slice(0, 32),
        ...{ controller: owner, recipients: [did('bank')], purpose: 'dpv:CreditChecking' },
        data: ['income-band', 'tenure'],
        notice: { uri: 'https://bank.example/privacy', digest: sha256('privacy notice') },
        ...{ language: 'zh-CN', storage: ['CN'], retentionDays: 90, jurisdiction: 'CN' },
        withdrawal: 'https://bank.example/withdraw',
      },
      approvers: [did('subscriber')],
      parties: [owner],
      validUntil: instantText(unixSeconds(clock) + YEAR),
    },
  });
}

const CSV = { mediaType: 'text/csv', byteSize: 48_213 };
const FOOTFALL = {
  ...{ title: 'Footfall by district', description: 'Counts by hour, without persons.' },
  ...{ publisher: 'Zhonglian Mobile', theme: ['mobility'], accrualPeriodicity: 'DAILY' },
  ...{ spatial: 'Guangzhou', temporal: { from: '2026-01-01T00:00:00Z', until: '2026-11-01T00:00:00Z' } },
  ...{ grade: 2, category: 'mobility', right: 'Collected and de-identified by the publisher.' },
  sample: { ...CSV, byteSize: 512, checksum: sha256('sample') },
};
