import type { PendingPresentation } from '@attestel/openid/wallet';
import { describe, expect, it } from 'vitest';
import { nextPage } from '../src/app/screens/add.tsx';

const waiting = (mode: PendingPresentation['mode'], name: string): PendingPresentation =>
  ({
    id: name,
    mode,
    at: 0,
    link: `https://wallet.example/present?client_id=${name}`,
  }) as PendingPresentation;

describe('after a card was added', () => {
  it('the card is shown when nothing waits', () => {
    expect(nextPage([], 'card')).toEqual({ path: '/cards/card', goesOn: false });
  });

  it('a sign-in of this browser goes on, also when a newer one waits for another screen', () => {
    const pending = [waiting('cross-device', 'planted'), waiting('same-device', 'own')];
    expect(nextPage(pending, 'card')).toEqual({ path: '/present?client_id=own', goesOn: true });
  });

  it('a sign-in for another screen is left to the person, on the first page', () => {
    expect(nextPage([waiting('cross-device', 'planted')], 'card')).toEqual({ path: '/', goesOn: false });
  });
});
