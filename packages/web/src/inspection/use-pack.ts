import { useEffect, useState } from 'preact/hooks';
import type { PhoneDatabase } from './phone/database.ts';
import { fetchPack, type KeptPack, keptPack } from './phone/field-phone.ts';
import type { Caller } from './phone/node-calls.ts';

export interface PackInUse {
  readonly kept: KeptPack | undefined;
  /** Why it could not be fetched, where the node said so; null also without a network. */
  readonly problem: string | null;
  readonly fetch: () => void;
}

/** Forms and devices: those that this phone holds, and newer ones as soon as the node answers. */
export function usePack(db: PhoneDatabase, caller: Caller): PackInUse {
  const [kept, setKept] = useState<KeptPack | undefined>(undefined);
  const [problem, setProblem] = useState<string | null>(null);
  const refresh = async (): Promise<void> => {
    const fetched = await fetchPack(db, caller);
    const code = 'problem' in fetched ? fetched.problem : null;
    if (!('problem' in fetched)) setKept(fetched);
    setProblem(code === 'offline' ? null : code);
  };
  useEffect(() => {
    const again = (): void => void refresh();
    void keptPack(db).then((before) => setKept((fresh) => fresh ?? before));
    again();
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  }, [db, caller.did]);
  return { kept, problem, fetch: () => void refresh() };
}
