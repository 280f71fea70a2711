import { beforeEach, expect, it } from 'vitest';
import { type Choice, CONSENT_SECONDS, type ConsentStore } from '../../src/index.ts';

export interface ConsentWorld {
  /** The store as it is now: another object after `restart`. */
  store(): ConsentStore;
  /** The process ends and starts again. */
  restart(): Promise<void>;
  /** Time passes. */
  later(seconds: number): void;
}

const DIGEST = 'cd'.repeat(32);
const notice = { digest: DIGEST };
const RECIPIENT = 'did:mno:member';

export const choiceOf = (granted: readonly string[], refused: readonly string[] = []): Choice => ({
  ...{ granted, refused, subject: 'ab'.repeat(16), recipient: RECIPIENT, locale: 'zh-CN' },
  notice: { uri: 'https://bridge.example/consents/notices/shop', digest: DIGEST },
  ...{ evidence: 'ef'.repeat(32), withdrawal: 'https://bridge.example/consents' },
});

/** What every implementation of the port does. */
export function consentSuite(open: () => Promise<ConsentWorld>): void {
  let world: ConsentWorld;
  beforeEach(async () => {
    world = await open();
  });
  const save = (account: string, clientId: string, choice: Choice) =>
    world.store().save(account, clientId, choice);
  const find = (account: string, clientId: string) => world.store().find(account, clientId);

  it('finds what was saved, for that account and app alone', async () => {
    await save('ann', 'shop', choiceOf(['phone_number'], ['country']));
    expect(await find('ann', 'shop')).toEqual({ notice, granted: ['phone_number'], refused: ['country'] });
    expect(await find('ann', 'forum')).toBeUndefined();
    expect(await find('bob', 'shop')).toBeUndefined();
  });

  it('keeps that somebody shares nothing', async () => {
    await save('ann', 'shop', choiceOf([], ['phone_number']));
    expect(await find('ann', 'shop')).toEqual({ notice, granted: [], refused: ['phone_number'] });
  });

  it('takes the last word, also of two at once', async () => {
    await save('ann', 'shop', choiceOf(['phone_number']));
    await save('ann', 'shop', choiceOf([], ['phone_number']));
    expect(await find('ann', 'shop')).toEqual({ notice, granted: [], refused: ['phone_number'] });
    await Promise.all([
      save('ann', 'shop', choiceOf(['country'])),
      save('ann', 'shop', choiceOf(['phone_number'])),
    ]);
    expect(await find('ann', 'shop')).toEqual({ notice, granted: ['phone_number'], refused: [] });
    expect(await world.store().list('ann')).toHaveLength(1);
  });

  it('finds nothing once it is removed, and takes another one then', async () => {
    await save('ann', 'shop', choiceOf(['phone_number']));
    await world.store().remove('ann', 'shop');
    expect(await find('ann', 'shop')).toBeUndefined();
    await world.store().remove('ann', 'shop');
    await save('ann', 'shop', choiceOf(['country']));
    expect(await find('ann', 'shop')).toEqual({ notice, granted: ['country'], refused: [] });
  });

  it('removes what is not there without a word', async () => {
    await world.store().remove('ann', 'shop');
    expect(await find('ann', 'shop')).toBeUndefined();
  });

  it('lists what is in force, in the order of client ids, with its times', async () => {
    await save('ann', 'shop', choiceOf(['phone_number']));
    await save('ann', 'forum', choiceOf([], ['country']));
    await save('ann', 'blog', choiceOf(['country']));
    await save('bob', 'bank', choiceOf(['country']));
    await world.store().remove('ann', 'blog');
    const listed = await world.store().list('ann');
    expect(listed).toMatchObject([
      { clientId: 'forum', granted: [], refused: ['country'] },
      { clientId: 'shop', granted: ['phone_number'], refused: [] },
    ]);
    for (const { since, until } of listed) expect(until - since).toBe(CONSENT_SECONDS);
  });

  it('remembers over a restart', async () => {
    await save('ann', 'shop', choiceOf(['phone_number']));
    await world.restart();
    expect(await find('ann', 'shop')).toEqual({ notice, granted: ['phone_number'], refused: [] });
    expect(await world.store().list('ann')).toHaveLength(1);
  });

  it('forgets after its days', async () => {
    await save('ann', 'shop', choiceOf(['phone_number']));
    world.later(CONSENT_SECONDS - 1);
    expect(await find('ann', 'shop')).toBeDefined();
    world.later(1);
    expect(await find('ann', 'shop')).toBeUndefined();
    expect(await world.store().list('ann')).toEqual([]);
  });
}
