import { unixSeconds } from '@attestel/core';
import { createChannelKeys } from './channel-keys.ts';
import { type RunAnswer, type RunRequest, runContractCommand } from './commands/run-contract-command.ts';
import { settlePrepared } from './commands/submit-line.ts';
import type { ContractHostOptions, FoldedLine, HostParts } from './host-parts.ts';
import { createKeyedLock } from './keyed-lock.ts';
import { createKnownModules } from './known-modules.ts';
import { createLedgerView } from './ledger-view.ts';

/** Runs modules for one party: commands, states, payloads. */
export interface ContractHost {
  run(request: RunRequest): Promise<RunAnswer>;
  /** Called for each line once its effects are durable, in their order. Returns the unsubscriber. */
  onEvent(listener: (line: FoldedLine) => void): () => void;
  close(): Promise<void>;
}

/** Opens the host: first finds out what became of lines whose outcome it does not know. @throws AppError */
export async function createContractHost(options: ContractHostOptions): Promise<ContractHost> {
  const { modules, store, vault, clock, ledger } = options;
  const listeners = new Set<(line: FoldedLine) => void>();
  const parts: HostParts = {
    ...options,
    modules: createKnownModules(modules),
    view: createLedgerView(ledger, () => unixSeconds(clock)),
    channelKeys: createChannelKeys(store, vault),
    lock: createKeyedLock(),
    folded(line) {
      for (const listener of listeners) listener(line);
    },
    wake() {},
  };
  await settlePrepared(parts);
  return {
    run: (request) => runContractCommand(parts, request),
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {},
  };
}
