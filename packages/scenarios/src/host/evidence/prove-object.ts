import type { JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { HostParts } from '../host-parts.ts';
import type { ObjectName } from '../store/object-rows.ts';
import { checkEvidence, checkLines, type ProvedObject, type Unchecked } from './check-evidence.ts';
import { countOf, keptLines } from './kept-lines.ts';
import { parseEvidence } from './object-evidence.ts';

/** An object as lines and evidence make it. */
export interface ProvedView {
  readonly channel: string;
  readonly module: string;
  readonly id: string;
  readonly state: JsonValue;
  /** Hex. */
  readonly head: string;
  readonly lines: number;
  /** Lines whose payload was not shown. */
  readonly gaps: number;
  /** Lines that were shown and could not be decided again. */
  readonly unchecked: number;
  /** Why, for each reason; those that were not shown too. */
  readonly notChecked: readonly Unchecked[];
}

/** @throws AppError invalid_argument, module_unknown, not_found, evidence_forged */
export async function proveObject(parts: HostParts, value: JsonValue): Promise<ProvedView> {
  const evidence = parseEvidence(value);
  return viewOf(await checkEvidence(parts, evidence), evidence.lines.length);
}

/** The same of what this party keeps itself, however many lines it has. @throws AppError not_found, evidence_forged */
export async function proveKept(parts: HostParts, name: ObjectName): Promise<ProvedView> {
  const to = countOf(parts, name);
  if (to === 0) throw fail('not_found', { field: '/id' });
  const lines = keptLines(parts, name, { from: 1, to });
  return viewOf(await checkLines(parts, { ...name, lines }, {}), to);
}

function viewOf({ module, unchecked: notChecked, ...proved }: ProvedObject, lines: number): ProvedView {
  const all = notChecked.reduce((sum, one) => sum + one.lines, 0);
  return { ...proved, module: module.name, lines, unchecked: all - proved.gaps, notChecked };
}
