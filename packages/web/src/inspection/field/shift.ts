/** Working hours in the phone's local time, `HH:MM`; past midnight where they end before they begin. */
export interface Hours {
  readonly from: string;
  readonly until: string;
}

export interface Shift {
  /** Unix seconds, half-open. */
  readonly from: number;
  readonly until: number;
}

const MINUTE = 60;
const DAY = 86_400;

/**
 * The shift that a time belongs to: the one it is in, else that of its own day, so that work before or after is flagged.
 * @param time unix seconds
 * @param offsetMinutes of the local time to the east of UTC
 */
export function shiftOf(time: number, hours: Hours, offsetMinutes: number): Shift {
  const local = time + offsetMinutes * MINUTE;
  const midnight = local - (((local % DAY) + DAY) % DAY);
  const [begin, end] = [secondsOf(hours.from), secondsOf(hours.until)];
  const length = end > begin ? end - begin : end - begin + DAY;
  const today = midnight + begin;
  const from = local < today && local < today - DAY + length ? today - DAY : today;
  const utc = from - offsetMinutes * MINUTE;
  return { from: utc, until: utc + length };
}

const secondsOf = (text: string): number => {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return (hour * 60 + minute) * MINUTE;
};

/** RFC 3339 in UTC, whole seconds, of unix seconds. */
export const instantText = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** Unix seconds of what {@link instantText} wrote. */
export const secondsOfInstant = (text: string): number => Date.parse(text) / 1000;
