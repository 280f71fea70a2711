import { z } from 'zod';

/** The spelling of a DID; whether it is on the ledger is for the operation that names it. */
export const did = z
  .string()
  .regex(/^did:mno:(?:[a-z][a-z0-9-]{0,15}:)?zQm[1-9A-HJ-NP-Za-km-z]{44}$/, 'must be a did:mno DID');
