import type { LedgerPeers } from './ledger-peers.ts';

export interface KeepCheckedOptions {
  /** Calls back when something may have changed on the ledger, until stopped. */
  readonly watch: (onNews: () => void) => { stop(): Promise<void> };
  /** Peers are looked at this often, whatever was heard: relations end by time alone. */
  readonly everyMilliseconds: number;
}

/** Looks at all peers at every news and every while, until stopped. */
export function keepPeersChecked(
  peers: Pick<LedgerPeers, 'look'>,
  { watch, everyMilliseconds }: KeepCheckedOptions,
): { stop(): Promise<void> } {
  const look = (): void => void peers.look();
  const watching = watch(look);
  const clock = setInterval(look, everyMilliseconds);
  look();
  return {
    async stop() {
      clearInterval(clock);
      await watching.stop();
    },
  };
}
