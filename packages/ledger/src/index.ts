export type * from './ledger.ts';
export type * from './module.ts';
export type * from './operation.ts';
