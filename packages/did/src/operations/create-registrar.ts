import { createLedgerClient, type Operation } from '@attestel/ledger';

/** Puts operations on a ledger, for those who are no node themselves. */
export interface Registrar {
  /** Resolves when the operation is executed and durable. @throws AppError the ledger's refusal, by its code */
  submit(operation: Operation): Promise<void>;
}

/** Registrar over a node's HTTP API. */
export function createRegistrar(options: {
  /** Base URL of the node. */
  readonly url: string;
  readonly fetch: typeof fetch;
}): Registrar {
  const client = createLedgerClient(options);
  return {
    async submit(operation) {
      const [result] = await client.submit([operation]);
      if (result?.ok === false) throw result.error;
    },
  };
}
