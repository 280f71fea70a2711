import { z } from 'zod';

/** OID4VCI 1.0 §8.2. Unknown members are ignored, as the section asks. */
export const credentialRequestSchema = z.object({
  credential_configuration_id: z.string().max(200).optional(),
  credential_identifier: z.string().max(200).optional(),
  proofs: z.record(z.string(), z.array(z.unknown()).min(1)).optional(),
  credential_response_encryption: z.unknown().optional(),
  /** Ours: the old key agrees to new ones (specs/line-and-person.md). */
  binding_statement: z.string().max(8192).optional(),
});
