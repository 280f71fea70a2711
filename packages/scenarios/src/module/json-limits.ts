/** Of what commands, queries and parcels say: no code behind the parser has to fear for its stack. */
export const JSON_LIMITS = { depth: 48 } as const;
