import type { MatchingCard } from '@attestel/openid/wallet';
import { describe, expect, it } from 'vitest';
import { choiceWithout, optionalClaims } from '../src/app/parts/leaving.tsx';

const card = (choices: string[][]): MatchingCard =>
  ({ choices, disclosed: [], copyReused: false }) as unknown as MatchingCard;

describe('what may stay', () => {
  const three = card([['handle', 'number', 'operator'], ['handle', 'operator'], ['handle']]);

  it('is what another choice does without', () => {
    expect(optionalClaims(three)).toEqual(['number', 'operator']);
    expect(optionalClaims(card([['handle', 'number']]))).toEqual([]);
  });

  it('leads to the first choice that holds none of it', () => {
    expect(choiceWithout(three, [])).toBe(0);
    expect(choiceWithout(three, ['number'])).toBe(1);
    expect(choiceWithout(three, ['operator'])).toBe(2);
    expect(choiceWithout(three, ['handle'])).toBeUndefined();
  });
});
