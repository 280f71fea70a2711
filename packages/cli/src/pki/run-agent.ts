import { hostname } from 'node:os';
import { silentLogger } from '@attestel/core';
import {
  connectVici,
  createProvenCheck,
  createSightingReporter,
  runGatewayAgent,
  watchStatus,
} from '@attestel/pki';
import type { CommandInput, Run } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { originOf } from '../node-api.ts';
import { requiredText, textList, textOr, wholeNumber } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';
import { trustOf } from '../trust-options.ts';

const HOUR = 3600;
const AGENT_SECONDS = 60;

export const run: Run = async ({ values, progress }) => {
  const nodes = textList(values, 'node').map(originOf);
  if (nodes.length === 0) throw fail('argument_missing', { field: '--node' });
  const socket = textOr(values, 'vici', '/run/charon.vici');
  const every = wholeNumber(values, 'every', { fallback: 10, least: 1, most: HOUR });
  const onTunnels = await reporter(values, progress);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  const trust = await trustOf(values, { fallback: AGENT_SECONDS, most: 24 * HOUR });
  const proven = createProvenCheck({ nodes, fetch, trust });
  await runGatewayAgent({
    connect: () => connectVici(socket),
    ...proven,
    watch: (onNews) => watchAll(nodes, onNews),
    everyMilliseconds: every * 1000,
    signal: stopping.signal,
    logger: {
      ...silentLogger,
      info: (event) => progress(EVENTS[event] ?? event),
      error: (event) => progress(EVENTS[event] ?? event),
    },
    ...(onTunnels ? { onTunnels } : {}),
    onTerminated: ({ sa, code }) => progress(`tunnel ended: ${sa.peer} (${code})`),
  });
  return { data: { stopped: true }, text: 'Stopped. Tunnels that are up stay up, and nobody watches them.' };
};

const EVENTS: Readonly<Record<string, string>> = {
  ike_daemon_connected: 'connected with the IKE daemon; looking at all tunnels',
  ike_daemon_away: 'the IKE daemon does not answer; trying again',
  sightings_not_told: 'the node did not take what holds tunnels here; trying again with the next look',
  agent_round_failed: 'a look at the tunnels failed; trying again',
};

/** Undefined where nobody is to be told what holds tunnels here. */
async function reporter(values: CommandInput['values'], progress: CommandInput['progress']) {
  const report = values.report;
  if (typeof report !== 'string') return undefined;
  const { token } = await actAs(dataDirOf(values), requiredText(values, 'as'));
  return createSightingReporter({
    ...{ node: originOf(report), fetch, token, gateway: textOr(values, 'gateway', hostname()) },
    logger: { ...silentLogger, error: (event) => progress(EVENTS[event] ?? event) },
  });
}

/** News of any node are news. */
function watchAll(nodes: readonly string[], onNews: (certificates: readonly string[]) => void) {
  const watching = nodes.map((node) => watchStatus({ node, fetch, onNews }));
  return { stop: async () => void (await Promise.all(watching.map((one) => one.stop()))) };
}
