import { json, type Route, toBase64url } from '@attestel/core';
import type { Alarm } from '../follow/evidence.ts';
import { parseQuery } from './query.ts';

/** What a node that follows a log found wrong with it, with the evidence. */
export const alarmsEndpoint = (alarms: () => readonly Alarm[]): Route => ({
  method: 'GET',
  path: '/v1/ledger/alarms',
  summary: 'What this node found wrong with the log it follows, with the evidence',
  errors: 'problem',
  cors: true,
  handle({ url }) {
    parseQuery(url, []);
    return json({ alarms: alarms().map(toWire) }, 200, { 'cache-control': 'no-store' });
  },
});

function toWire({ id, time, evidence }: Alarm): object {
  if (evidence.kind !== 'inconsistent') return { id, time, evidence };
  const { otherRoot, path, ...notes } = evidence;
  return { id, time, evidence: { ...notes, otherRoot: toBase64url(otherRoot), path: path.map(toBase64url) } };
}
