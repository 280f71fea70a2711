import type { ContractHost } from '../host/create-contract-host.ts';

/** What the endpoints ask of a host. */
export type ContractApi = Pick<
  ContractHost,
  'run' | 'get' | 'history' | 'queryPart' | 'payload' | 'erase' | 'proveItem' | 'verify'
>;
