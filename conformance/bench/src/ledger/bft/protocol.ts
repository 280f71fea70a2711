import type { Bytes } from '@attestel/core';

export const BFT_ORIGIN = 'attestel.bench/bft4';

export interface ValidatorSettings {
  readonly folder: string;
  readonly binary: string;
  /** Of its own engine. */
  readonly rpcUrl: string;
  /** Node ids of the other engines. */
  readonly peers: readonly string[];
  /** Of its witness key. */
  readonly name: string;
}

/** What the clients at one validator do. */
export interface Load {
  readonly encoded: readonly Bytes[];
  /** Operations in a submission. */
  readonly batch: number;
  readonly clients: number;
}

export interface Question {
  readonly id: number;
  readonly method: 'cpu' | 'head' | 'load' | 'stop';
  readonly load?: Load;
}

export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}
