const DATE_TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;

/** DID Resolution v1 §3.1: UTC, whole seconds. */
export const formatDateTime = (unixSeconds: number): string =>
  new Date(unixSeconds * 1000).toISOString().replace('.000Z', 'Z');

/** Unix seconds, or undefined unless the text is a real moment written as {@link formatDateTime} does. */
export function parseDateTime(text: string): number | undefined {
  if (!DATE_TIME.test(text)) return undefined;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return undefined;
  const seconds = milliseconds / 1000;
  // 30 February and 24:00 parse on some runtimes: only what reads back the same is a date.
  return formatDateTime(seconds) === text ? seconds : undefined;
}
