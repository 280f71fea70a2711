import type { HttpRequest } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { type Door, doorOrigins, doorRoutes, renderDoors } from '../../src/start-page/doors.ts';
import { en } from '../../src/start-page/i18n/en.ts';

const ORIGIN = 'http://localhost:4100';
const DOOR: Door = {
  ...{ page: 'console', id: 'tower', name: { 'zh-CN': '铁塔', en: 'Towers' }, node: 'http://localhost:4108' },
  command: 'console --as tower --node http://localhost:4108',
  link: async () => 'http://localhost:4108/console#secret',
};
const model = (areOpen: boolean) => ({ doors: [DOOR], areOpen, tag: () => undefined });

describe('ways into consoles from the start page', () => {
  const open = async (headers: HttpRequest['headers']) => {
    const [route] = doorRoutes(model(true), ORIGIN);
    return route?.handle({ headers } as HttpRequest);
  };

  it('are a form for each party, that makes a link and goes there', async () => {
    const { markup } = renderDoors(model(true), en, 'en');
    expect(markup).toContain('action="/open/console/tower"');
    expect(markup).toContain(`attestel -- ${DOOR.command}`);
    const answer = await open({ origin: ORIGIN, 'sec-fetch-site': 'same-origin' });
    expect(answer).toMatchObject({ status: 303, headers: { location: await DOOR.link() } });
    expect(doorOrigins(model(true))).toEqual([DOOR.node]);
  });

  it.each<[string, HttpRequest['headers']]>([
    ['of another page', { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' }],
    ['of another port', { origin: 'http://localhost:4131', 'sec-fetch-site': 'same-site' }],
    [
      'of a name that leads here',
      { origin: 'http://elsewhere.example:4100', 'sec-fetch-site': 'same-origin' },
    ],
    ['of a page without a name', { origin: 'null' }],
    ['of nobody knows whom', {}],
  ])('are not for a form %s', async (_, headers) => {
    await expect(open(headers)).rejects.toMatchObject({ code: 'start_page_foreign' });
  });

  it('are commands alone where others reach the page', () => {
    const { markup } = renderDoors(model(false), en, 'en');
    expect(markup).not.toContain('<form');
    expect(markup).toContain(`attestel -- ${DOOR.command}`);
    expect(doorRoutes(model(false), ORIGIN)).toEqual([]);
    expect(doorOrigins(model(false))).toEqual([]);
  });
});
