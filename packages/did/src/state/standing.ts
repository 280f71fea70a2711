import { DID_MODULE, type DidState, readHead } from './records.ts';

/** What whoever controls a DID can still do on the ledger. */
export interface Standing {
  /** Whether it has a key that may sign other modules' operations. */
  readonly canAct: boolean;
  /** Block time of its last operation, unix seconds; 0 where the DID is not on the ledger. */
  readonly since: number;
}

/** For modules that must know whether somebody they list is still there (deactivated: no keys). */
export function standingOf(read: (module: string) => DidState, did: string): Standing {
  const head = readHead(read(DID_MODULE), did);
  return { canAct: head !== undefined && head.ledgerKeys.length > 0, since: head?.updated ?? 0 };
}
