/** Claims a bridge can give an app beyond `sub`; what an app may register to ask for. */
export const APP_CLAIMS = [
  'phone_number',
  'phone_number_verified',
  'country',
  'mobile_operator',
  'sim_unchanged_72h',
  'sim_unchanged_30d',
  'tenure_over_1y',
  'binding_changed_at',
  'binding_pending',
] as const;

export type AppClaim = (typeof APP_CLAIMS)[number];
