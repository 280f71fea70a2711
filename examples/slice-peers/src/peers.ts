import { readFileSync } from 'node:fs';
import { silentLogger } from '@attestel/core';
import { createLedgerTrust } from '@attestel/did/verify';
import { createLedgerClient, watchEvents } from '@attestel/ledger';
import { createLedgerPeers, createLedgerView, keepPeersChecked, type LedgerPeers } from '@attestel/pki';

export const setting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is missing`);
  return value;
};

/**
 * TLS peers of an operator in a slice, by what the node says and the policy believes. Looks again whenever the ledger has
 * news, and every second, since relations also end by time.
 */
export async function openPeers(): Promise<{ peers: LedgerPeers; stop(): Promise<void> }> {
  const url = setting('NODE_URL');
  const view = createLedgerView({
    name: { kind: 'slice', operator: setting('OPERATOR'), slice: setting('SLICE') },
    ...{ nodes: [url], fetch },
    trust: createLedgerTrust({ policy: readFileSync(setting('POLICY'), 'utf8') }),
  });
  const peers = createLedgerPeers({
    ...{ view, logger: silentLogger },
    identity: { cert: readFileSync(setting('CERT'), 'utf8'), key: readFileSync(setting('KEY'), 'utf8') },
    onRefused: ({ error, peer }) => {
      const who = peer?.facts.dnsNames[0] ?? 'a stranger';
      console.log(`${peer ? 'cut' : 'refused'} ${who}: ${error.message}`);
    },
  });
  await peers.look();
  const { size } = await createLedgerClient({ url, fetch }).entries(0, 1);
  const checking = keepPeersChecked(peers, {
    watch: (onNews) => watchEvents({ url, from: () => size, fetch, onNews }),
    everyMilliseconds: 1000,
  });
  return {
    peers,
    async stop() {
      await checking.stop();
      peers.close();
    },
  };
}
