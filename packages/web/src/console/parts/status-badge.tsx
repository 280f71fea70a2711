import type { JSX } from 'preact';
import { useDesk } from '../desk.ts';
import { statusText } from '../i18n/format.ts';

/** Statuses in which something waits for somebody, and those that are an end. */
const WAITING: ReadonlySet<string> = new Set([
  ...['proposed', 'requested', 'open', 'assigned', 'inProgress', 'resolved', 'sent', 'received', 'repair'],
]);
const OVER: ReadonlySet<string> = new Set([
  ...['terminated', 'rejected', 'withdrawn', 'revoked', 'declined', 'retired', 'cancelled', 'closed'],
  ...['unknown', 'expired', 'exhausted', 'dismounted'],
]);

const toneOf = (status: string): string =>
  WAITING.has(status) ? 'waiting' : OVER.has(status) ? 'over' : 'live';

export function StatusBadge({ status }: { status: string }): JSX.Element {
  const { t } = useDesk();
  return <span class={`badge ${toneOf(status)}`}>{statusText(status, t)}</span>;
}
