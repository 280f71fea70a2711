import { useCallback, useEffect, useState } from 'preact/hooks';

export type Async<T> =
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown };

/** Runs `work` when `key` changes, and again on `reload`. An answer that comes too late is dropped. */
export function useAsync<T>(work: () => Promise<T>, key: string): { result: Async<T>; reload: () => void } {
  const [result, setResult] = useState<Async<T>>({ state: 'running' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    setResult({ state: 'running' });
    work().then(
      (value) => current && setResult({ state: 'done', value }),
      (error: unknown) => current && setResult({ state: 'failed', error }),
    );
    return () => {
      current = false;
    };
  }, [key, round]);
  return { result, reload: useCallback(() => setRound((n) => n + 1), []) };
}
