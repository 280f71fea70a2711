/** What a certificate is for; each role has an exact profile in `@attestel/x509`. */
export const ROLES = [
  'small-cell',
  'security-gateway',
  'network-function',
  'home-gateway',
  'iot-thing',
] as const;

export type CertificateRole = (typeof ROLES)[number];

/** Roles of things that a vendor makes: their certificates say where the device comes from. */
export const isDevice = (role: CertificateRole): boolean =>
  role === 'small-cell' || role === 'home-gateway' || role === 'iot-thing';

const DAY = 86_400;

/**
 * Longest validity of what is used in operation, seconds: certificates of operators, and those that devices sign
 * themselves. One more day than the 398 of a year and its renewal month would already be too long.
 */
export const MAX_OPERATIONAL_LIFETIME = 398 * DAY;
