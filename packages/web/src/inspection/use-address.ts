import { useEffect } from 'preact/hooks';

/** Calls with what stands behind `#` in a link that opened the page, once; then it is gone from the address. */
export function useAddress(take: (fragment: string) => void): void {
  useEffect(() => {
    const look = (): void => {
      const { hash } = location;
      if (hash === '' || hash === '#content') return;
      history.replaceState(null, '', location.pathname);
      take(hash);
    };
    look();
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
}
