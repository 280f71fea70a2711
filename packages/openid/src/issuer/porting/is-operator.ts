import type { Registry } from '@attestel/registry';

/** Whether a member is, or was, an operator: records of an operator that has left still hold. */
export const isOperator = (registry: Registry, did: string): boolean =>
  registry.member(did)?.roles.includes('operator') ?? false;

export const isActiveOperator = (registry: Registry, did: string): boolean =>
  isOperator(registry, did) && registry.member(did)?.status === 'active';
