/** Whole seconds in UTC: every instant has one spelling. */
const DATE_TIME_STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Unix seconds of an XML Schema dateTimeStamp as Attestel writes it (VCDM 2.0 §4.9); undefined: no such text. */
export function readDateTimeStamp(text: unknown): number | undefined {
  if (typeof text !== 'string' || !DATE_TIME_STAMP.test(text)) return undefined;
  const seconds = Date.parse(text) / 1000;
  // 30 February and hour 24 are texts of that form too.
  return Number.isSafeInteger(seconds) && writeDateTimeStamp(seconds) === text ? seconds : undefined;
}

export const writeDateTimeStamp = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
