import { describe, expect, it } from 'vitest';
import { pathOfLink, placeOf } from '../src/app/router.ts';

describe('addresses', () => {
  it.each([
    ['/', { page: 'home' }],
    ['/history', { page: 'history' }],
    ['/about', { page: 'about' }],
    ['/cards/Ab_-9', { page: 'card', id: 'Ab_-9' }],
    ['/cards/../../x', { page: 'home' }],
    ['/cards/%3Cscript%3E', { page: 'home' }],
    ['/nothing', { page: 'home' }],
  ])('%s names its page', (path, place) => {
    expect(placeOf(`http://localhost:4120${path}`)).toEqual(place);
  });

  it('hand the whole address of an offer or a request to the engine', () => {
    const add = 'http://localhost:4120/add?credential_offer_uri=x';
    expect(placeOf(add)).toEqual({ page: 'add', link: add });
    const present = 'http://localhost:4120/present?client_id=x&request_uri=y';
    expect(placeOf(present)).toEqual({ page: 'present', link: present });
  });

  it('of other apps keep only their parameters', () => {
    expect(pathOfLink('openid-credential-offer://?credential_offer_uri=x', 'offer')).toBe(
      '/add?credential_offer_uri=x',
    );
    expect(pathOfLink('openid4vp://?client_id=x&request_uri=y', 'request')).toBe(
      '/present?client_id=x&request_uri=y',
    );
  });
});
