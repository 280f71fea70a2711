import { isAppError } from '@attestel/core';
import type { HistoryLine, PayloadView } from '../api/types.ts';
import {
  assertContent,
  assertTold,
  CheckError,
  type CheckPorts,
  type Checkpoint,
  type Fault,
  type ProvenLine,
  proveComplete,
  proveLine,
  type Subject,
} from './verify-lines.ts';

/** What this browser found out about a line. */
export type LineCheck =
  | { readonly state: 'pending' }
  /** `content`: where the reader may see it; then it is what the line commits to. */
  | { readonly state: 'proven'; readonly proven: ProvenLine; readonly content: PayloadView | undefined }
  | { readonly state: 'failed'; readonly fault: Fault };

/** The newest line stands in the node's state before its checkpoint is cosigned. */
const TRIES = 6;
const WAIT_MS = 1500;

/** Lines whose content the node has and the reader may see. */
export const hasContent = ({ payload }: HistoryLine): boolean =>
  !['erased', 'missing', 'withheld'].includes(payload);

export async function checkLine(
  ports: CheckPorts,
  subject: Subject,
  line: HistoryLine,
  load: (line: string) => Promise<PayloadView>,
): Promise<LineCheck> {
  try {
    const proven = await patiently(() => proveLine(ports, subject, line.line));
    const content = hasContent(line) ? await load(line.line) : undefined;
    if (content) await assertContent(ports, subject, { proven, content });
    assertTold(proven, line, content?.payload);
    return { state: 'proven', proven, content };
  } catch (error) {
    return { state: 'failed', fault: faultOf(error) };
  }
}

/** That there are no other lines of the object. @throws CheckError */
export const checkComplete = (
  ports: CheckPorts,
  subject: Subject,
  lines: readonly HistoryLine[],
): Promise<Checkpoint> => patiently(() => proveComplete(ports, subject, lines));

/** Again for as long as the ledger's last checkpoint may be behind. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (faultOf(error) !== 'absent' || left === 0) throw error;
      await new Promise((go) => setTimeout(go, WAIT_MS));
    }
  }
}

/** @throws the error itself where it is neither a fault nor an answer of the node: a mistake of this page */
export function faultOf(error: unknown): Fault {
  if (error instanceof CheckError) return error.fault;
  if (isAppError(error)) return 'unreachable';
  throw error;
}
