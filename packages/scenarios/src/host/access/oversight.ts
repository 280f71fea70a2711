import type { JsonValue } from '@attestel/core';
import type { Module, Reader } from '../../module/module.ts';
import { AUDITOR } from '../credentials/built-in-types.ts';
import type { HostParts } from '../host-parts.ts';

const ROLES: readonly string[] = ['regulator', 'auditor'];

/**
 * A regulator or auditor as it would be without being one; undefined of all others, and of the party at its own node,
 * where it has what it was given.
 */
export function plainReader({ party }: Pick<HostParts, 'party'>, reader: Reader): Reader | undefined {
  const { roles, channel, holds } = reader;
  if (reader.party === party.did) return undefined;
  const oversees = roles.some((role) => ROLES.includes(role)) || holds(AUDITOR, { channel }) !== undefined;
  if (!oversees) return undefined;
  return {
    ...reader,
    roles: roles.filter((role) => !ROLES.includes(role)),
    holds: (type, match) => (type === AUDITOR ? undefined : holds(type, match)),
  };
}

/** Whether somebody who may see an object sees it as regulator or auditor alone, so that the reading is recorded. */
export const isOverseen = (module: Module, state: JsonValue, plain: Reader | undefined): boolean =>
  plain !== undefined && !module.visible(state, plain);
