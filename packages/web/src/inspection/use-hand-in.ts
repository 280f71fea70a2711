import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Visit } from './field/queue.ts';
import type { PhoneDatabase } from './phone/database.ts';
import { handInAll, type PageConfig } from './phone/field-phone.ts';
import type { Caller } from './phone/node-calls.ts';

export interface Handing {
  /** Newest first. */
  readonly visits: readonly Visit[];
  readonly isRunning: boolean;
  readonly isOnline: boolean;
  /** Why the last attempt ended before everything was handed in. */
  readonly stopped: string | null;
  readonly run: () => Promise<void>;
}

const RETRY_MS = 30_000;

/** Hands in at once, when the network comes back, and every half minute while something waits. */
export function useHandIn(db: PhoneDatabase, caller: Caller, config: PageConfig): Handing {
  const [visits, setVisits] = useState<readonly Visit[]>([]);
  const [isRunning, setRunning] = useState(false);
  const [isOnline, setOnline] = useState(navigator.onLine);
  const [stopped, setStopped] = useState<string | null>(null);
  const waits = useRef(false);
  const running = useRef(false);
  const isWanted = useRef(false);
  const show = useCallback(async () => {
    const all = await db.visits();
    waits.current = all.some(({ state }) => state.at === 'waiting');
    setVisits([...all].sort((a, b) => (a.item.time < b.item.time ? 1 : -1)));
  }, [db]);
  const handIn = useCallback(async () => {
    await show();
    setRunning(waits.current);
    setStopped(null);
    const { stopped: why } = await handInAll(db, caller, config);
    await show();
    setStopped(why);
  }, [show, caller.did]);
  // A round that somebody else asked for is theirs: of the caller that there is by then.
  const newest = useRef(handIn);
  newest.current = handIn;
  const run = useCallback(async () => {
    isWanted.current = true;
    const unkept = (): void => setStopped('storage');
    if (running.current) return show().catch(unkept);
    running.current = true;
    // Whoever asks meanwhile, such as a network that is back, asks for another round: this one may have failed without it.
    while (isWanted.current) {
      isWanted.current = false;
      await newest.current().catch(unkept);
    }
    setRunning(false);
    running.current = false;
  }, [handIn]);
  useEffect(() => {
    const online = (): void => {
      setOnline(navigator.onLine);
      if (navigator.onLine) void run();
    };
    void run();
    const timer = setInterval(() => waits.current && void run(), RETRY_MS);
    for (const event of ['online', 'offline']) addEventListener(event, online);
    return () => {
      clearInterval(timer);
      for (const event of ['online', 'offline']) removeEventListener(event, online);
    };
  }, [run]);
  return { visits, isRunning, isOnline, stopped, run };
}
