import type { BenchCard } from './material.ts';

/** What a provider process tells once it listens. */
export interface Ready {
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly cards: readonly BenchCard[];
}

export const CALLBACK = 'http://localhost:1/cb';
