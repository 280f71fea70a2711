import { placeText } from '../field/queue.ts';
import type { PhoneDatabase } from './database.ts';
import type { Draft } from './draft.ts';

/** Never one from before: the visit is here and now. */
const OPTIONS: PositionOptions = { enableHighAccuracy: true, timeout: 20_000, maximumAge: 0 };
/** Seconds between two points of the way. */
const EVERY_SECONDS = 15;

/** Where the phone is now; null where nobody says. */
export const takePosition = (): Promise<Draft['place']> =>
  new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          ...placeText(coords.latitude, coords.longitude),
          accuracy: Math.max(1, Math.ceil(coords.accuracy)),
        }),
      () => resolve(null),
      OPTIONS,
    );
  });

/** Keeps the way between visits, while the page is open. Returns what stops it. */
export function watchTrack(db: PhoneDatabase): () => void {
  let last = 0;
  const watch = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      const time = Math.floor(timestamp / 1000);
      if (time - last < EVERY_SECONDS) return;
      last = time;
      const { latitude, longitude } = placeText(coords.latitude, coords.longitude);
      // A way with a gap is a way; the visit itself has its own position.
      db.addPoint([time, latitude, longitude]).catch(() => undefined);
    },
    () => undefined,
    OPTIONS,
  );
  return () => navigator.geolocation.clearWatch(watch);
}
