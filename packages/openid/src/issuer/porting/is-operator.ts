import type { Registry } from '@attestel/registry';

export function isActiveOperator(registry: Registry, did: string): boolean {
  const member = registry.member(did);
  return member?.status === 'active' && member.roles.includes('operator');
}
