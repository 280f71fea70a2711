import type { Registry } from '@attestel/registry';

/**
 * Whether a party was an operator in good standing at a time (unix seconds). What it did before it was
 * suspended or left still holds; what it dates later does not.
 */
export function wasOperator(registry: Pick<Registry, 'member'>, did: string, at: number): boolean {
  const member = registry.member(did);
  if (!member?.roles.includes('operator')) return false;
  return member.status === 'active' || at < member.statusSince;
}
