import { describe, expect, it, vi } from 'vitest';
import { keepPeersChecked } from '../../src/tls/keep-checked.ts';

describe('keeping peers checked', () => {
  it('looks at once, at every news and every while, until it is stopped', async () => {
    vi.useFakeTimers();
    try {
      const look = vi.fn(async () => {});
      let tell = (): void => {};
      const stopped = vi.fn(async () => {});
      const { stop } = keepPeersChecked(
        { look },
        {
          everyMilliseconds: 1000,
          watch: (onNews) => {
            tell = onNews;
            return { stop: stopped };
          },
        },
      );
      expect(look).toHaveBeenCalledTimes(1);
      tell();
      expect(look).toHaveBeenCalledTimes(2);
      vi.advanceTimersByTime(2000);
      expect(look).toHaveBeenCalledTimes(4);
      await stop();
      vi.advanceTimersByTime(5000);
      expect(look).toHaveBeenCalledTimes(4);
      expect(stopped).toHaveBeenCalledTimes(1);
    } finally {
      vi.useRealTimers();
    }
  });
});
