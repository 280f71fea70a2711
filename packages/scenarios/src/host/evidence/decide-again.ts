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

/** Why a line was not decided again. */
export type NotChecked =
  /** Its payload was erased, or is not shown; or so was one before it, and what it did is not known. */
  | 'erased'
  | 'after_erased'
  /** Its parties agreed later to let it stand, whatever the rules said. */
  | 'let_stand'
  /** It moves other objects too. */
  | 'several_objects'
  /** What it read is not here, or too long to be proved again. */
  | 'read_missing'
  /** The DID of an issuer cannot be looked up at present. */
  | 'credential_unverifiable'
  /** This node does not run that version of the module. */
  | 'module_unknown';

/** `fault`: a field that differs, `reads`, `previous`, or the code with which the rules refuse it. */
export type Verdict =
  | { readonly checked: true }
  | { readonly unchecked: NotChecked }
  | { readonly fault: string };

/** Does a command again on what was, and compares. */
export async function decideAgain(parts: HostParts, again: Again, reads: PastReads): Promise<Verdict> {
  const { id, row, kept } = again;
  const { payload } = kept;
  const [moved, ...others] = payload.objects;
  if (others.length > 0 || moved?.id !== id) return { unchecked: 'several_objects' };
  if (moved.prevHead !== (row?.head ?? null)) return { fault: 'previous' };
  try {
    return await compared(parts, again, reads);
  } catch (error) {
    if (!isAppError(error) || error.code === 'stopped') throw error;
    const { code } = error;
    return code === 'credential_unverifiable' || code === 'module_unknown'
      ? { unchecked: code }
      : { fault: code };
  }
}

async function compared(
  parts: HostParts,
  { channel, line, kept, module, id, row }: Again,
  reads: PastReads,
): Promise<Verdict> {
  const { payload } = kept;
  const seen = payload.reads.length === 0 ? [] : await reads({ channel, line, kept });
  if (seen === 'stale') return { fault: 'reads' };
  if (seen === 'unknown') return { unchecked: 'read_missing' };
  const { command, party, actor, at: time } = payload;
  const moment = { index: parts.view.indexOf(line) ?? parts.ledger.head().size, time };
  const types = credentialTypesOf(module);
  const held = await parts.credentials.verify(payload.credentials, { channel, moment, types });
  const again = decide({
    ...{ module, channel, command, id: payload.id, data: joinItems(kept), party, actor, time, held },
    roles: parts.view.rolesOf(party),
    states: new Map(row ? [[id, row.state]] : []),
    read: readOf(seen),
  });
  const [different] = differences(again, payload, [{ id, row }]);
  return different === undefined ? { checked: true } : { fault: different };
}
