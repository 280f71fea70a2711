import { fail } from '../../errors.ts';
import { erasePayload } from '../erase/erase-payload.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { openKept, readPayloadRecord } from '../store/payload-records.ts';
import type { LookupQuestion } from './lookup-answer.ts';
import { objectsAbout } from './objects-about.ts';

export interface ErasedLine {
  readonly module: string;
  readonly id: string;
  /** Hex. */
  readonly line: string;
  /** Other organisations that were given the payload: what they keep is theirs to erase. */
  readonly heldBy: readonly string[];
}

export interface SubjectErasure extends Omit<LookupQuestion, 'after'> {
  readonly erased: readonly ErasedLine[];
  /** Lines that are also about somebody or something else, and were left. */
  readonly left: readonly Omit<ErasedLine, 'heldBy'>[];
}

type Candidate = Omit<ErasedLine, 'heldBy'>;

/**
 * Erases every payload about a person that is kept here. Cut off, it is asked for again: what tells whom something is about goes
 * last. @throws AppError permission_denied to others than the party itself
 */
export async function eraseSubject(
  parts: HostParts,
  { channel, subject }: LookupQuestion,
  actor: string,
): Promise<SubjectErasure> {
  if (actor !== parts.party.did) throw fail('permission_denied');
  // All of them: were some left out, what leads to them would be erased first.
  const about = [...objectsAbout(parts, channel, subject, Number.POSITIVE_INFINITY)].reverse();
  const names = new Set(about.map(({ module, id }) => `${module.name}|${id}`));
  const erased: ErasedLine[] = [];
  const left: Candidate[] = [];
  for (const { module, id } of about)
    for (const line of linesOf(parts, channel, module.name, id)) {
      const candidate = { module: module.name, id, line };
      if (!isOnlyAbout(parts, candidate, names)) left.push(candidate);
      else erased.push({ ...candidate, heldBy: (await erasePayload(parts, { line, actor })).heldBy });
    }
  return { channel, subject, erased, left };
}

function linesOf(parts: HostParts, channel: string, module: string, id: string): readonly string[] {
  const ref = refOfObject(module, id);
  const count = parts.view.head(channel, ref)?.count ?? 0;
  const lines = Array.from({ length: count }, (_, i) => parts.view.lineAt(channel, ref, i + 1) ?? '');
  return lines.filter((line) => readPayloadRecord(parts.store, line));
}

function isOnlyAbout(parts: HostParts, { module, line }: Candidate, names: ReadonlySet<string>): boolean {
  const sealed = readPayloadRecord(parts.store, line)?.sealed;
  if (!sealed) return true;
  return openKept(parts.vault, line, sealed).payload.objects.every(({ id }) => names.has(`${module}|${id}`));
}
