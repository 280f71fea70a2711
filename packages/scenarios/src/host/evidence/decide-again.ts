import { isAppError } from '@attestel/core';
import type { Module } from '../../module/module.ts';
import { decide } from '../commands/decide.ts';
import { readOf, type SeenObject } from '../commands/load-objects.ts';
import { credentialTypesOf } from '../commands/standing.ts';
import type { HostParts } from '../host-parts.ts';
import { joinItems } from '../payload/batch-items.ts';
import type { Kept } from '../payload/payload.schema.ts';
import { differences } from '../receive/check-payload.ts';
import type { ObjectRow } from '../store/object-rows.ts';

/** What was decided, and where in the log. */
export interface PastDecision {
  readonly channel: string;
  /** Hex. */
  readonly line: string;
  readonly kept: Kept;
}

/**
 * What a command read, as it was then; `stale`: it was no longer so when it was decided; `unknown`: not to be had here.
 */
export type PastReads = (decision: PastDecision) => Promise<readonly SeenObject[] | 'stale' | 'unknown'>;

interface Again extends PastDecision {
  readonly module: Module;
  readonly id: string;
  /** The object at the line before. */
  readonly row: ObjectRow | undefined;
}

/**
 * Does a command again on what was, and compares. @returns `unchecked` where it also looked at what is not here;
 * else why it does not hold: a field that differs, `reads`, `previous`, or the code of the refusal
 */
export async function decideAgain(
  parts: HostParts,
  { channel, line, kept, module, id, row }: Again,
  reads: PastReads,
): Promise<string> {
  const { payload } = kept;
  const [moved, ...others] = payload.objects;
  if (others.length > 0 || moved?.id !== id) return 'unchecked';
  if (moved.prevHead !== (row?.head ?? null)) return 'previous';
  const seen = payload.reads.length === 0 ? [] : await reads({ channel, line, kept }).catch(codeOf);
  if (seen === 'stale') return 'reads';
  if (seen === 'unknown') return 'unchecked';
  if (typeof seen === 'string') return seen;
  const { command, party, actor, at: time } = payload;
  const moment = { index: parts.view.indexOf(line) ?? parts.ledger.head().size, time };
  const types = credentialTypesOf(module);
  const held = await parts.credentials.verify(payload.credentials, { channel, moment, types });
  try {
    const again = decide({
      ...{ module, channel, command, id: payload.id, data: joinItems(kept), party, actor, time, held },
      roles: parts.view.rolesOf(party),
      states: new Map(row ? [[id, row.state]] : []),
      read: readOf(seen),
    });
    return differences(again, payload, [{ id, row }])[0] ?? 'checked';
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  if (!isAppError(error)) throw error;
  return error.code;
}
