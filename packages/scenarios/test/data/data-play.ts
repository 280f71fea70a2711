import { DATA_MODULES } from '../../src/data/index.ts';
import type { DataSet } from '../../src/data/modules/data-set.ts';
import { instantOf } from '../../src/module/instant.ts';
import { Play } from '../harness/play.ts';

export const OWNER = 'did:mno:owner';
export const BUYER = 'did:mno:buyer';
export const THIRD = 'did:mno:third';
export const STRANGER = 'did:mno:stranger';
export const MANAGER = 'did:mno:manager';
export const PERSON = 'did:mno:person';
export const NOW = instantOf('2026-11-22T08:00:00Z', '/');
export const DAY = 86_400;
export const hex = (byte: string): string => byte.repeat(32);

export const SET: DataSet = {
  title: 'Footfall by district',
  description: 'Counts by hour, without persons.',
  publisher: 'Owner',
  theme: ['mobility'],
  accrualPeriodicity: 'DAILY',
  spatial: 'Guangzhou',
  temporal: { from: '2026-01-01T00:00:00Z', until: '2026-11-01T00:00:00Z' },
  grade: 2,
  category: 'mobility',
  right: 'Collected and de-identified by the owner.',
  distribution: { mediaType: 'text/csv', byteSize: 1000, checksum: hex('aa') },
  sample: { mediaType: 'text/csv', byteSize: 10, checksum: hex('bb') },
};

export interface DataPlay {
  readonly play: Play;
  run(
    module: string,
    command: string,
    as: string,
    data: object,
    more?: { readonly id?: string; readonly by?: string },
  ): ReturnType<Play['run']>;
  /** @returns the object */
  publish(body?: object, by?: string): string;
}

/** The data modules among an owner, a buyer and a third party; the owner has a manager and knows a person. */
export function startDataPlay(): DataPlay {
  const play = new Play(DATA_MODULES, { time: NOW });
  play.hold({ subject: MANAGER, type: 'DataManager', claims: { owner: OWNER } });
  play.hold({ subject: PERSON, type: 'DataSubject', claims: { known: OWNER } });
  const run: DataPlay['run'] = (module, command, as, data, { id, by } = {}) =>
    play.run({
      ...{ module: `data.${module}`, command, as, data: data as never },
      ...(id ? { id } : {}),
      ...(by ? { by } : {}),
    });
  return {
    play,
    run,
    publish: (body = SET, by = MANAGER) => run('set', 'publish', OWNER, { body }, { by }).id,
  };
}
