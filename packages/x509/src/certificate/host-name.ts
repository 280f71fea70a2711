/** ASCII only: host names of other scripts are A-labels (RFC 5280 §7.2), and no locale has a say. */
export const lowerAscii = (text: string): string =>
  text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));

/** Preferred name syntax (RFC 1034 §3.5) with "_", in lower case, without a dot at the end. */
const HOST = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
const MAX_HOST = 253;

export const isHostName = (text: string): boolean => text.length <= MAX_HOST && HOST.test(text);
