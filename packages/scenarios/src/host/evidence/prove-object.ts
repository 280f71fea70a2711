import type { JsonValue } from '@attestel/core';
import type { HostParts } from '../host-parts.ts';
import { checkEvidence } from './check-evidence.ts';
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
  /** Lines that could not be decided again. */
  readonly unchecked: number;
}

/** @throws AppError invalid_argument, module_unknown, not_found, evidence_forged */
export async function proveObject(parts: HostParts, value: JsonValue): Promise<ProvedView> {
  const evidence = parseEvidence(value);
  const { channel, module, id, state, head, gaps, unchecked } = await checkEvidence(parts, evidence);
  return { channel, module: module.name, id, state, head, lines: evidence.lines.length, gaps, unchecked };
}
