import { z } from 'zod';

/** OpenID4VP 1.0 §5.2: ASCII URL-safe characters only; below 22 characters is less than 128 bits. */
const nonceSchema = z.string().regex(/^[A-Za-z0-9._~-]{22,512}$/);

const encryptionKeySchema = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  alg: z.literal('ECDH-ES'),
  use: z.literal('enc').optional(),
  kid: z.string().min(1).max(200).optional(),
  x: z.string().length(43),
  y: z.string().length(43),
});

export type EncryptionKey = z.infer<typeof encryptionKeySchema>;

export const ENCRYPTIONS = ['A128GCM', 'A256GCM'] as const;
export type ContentEncryption = (typeof ENCRYPTIONS)[number];

/**
 * The request object as far as this wallet answers it. Each rule with a code of its own is checked by
 * `verify-request-object.ts` before; unknown members are ignored as §5 says.
 */
export const requestObjectSchema = z.looseObject({
  client_id: z.string(),
  response_type: z.literal('vp_token'),
  response_mode: z.literal('direct_post.jwt'),
  response_uri: z.string().max(2_048),
  // §8.2: must not stand beside response_uri.
  redirect_uri: z.never().optional(),
  // §5.5: a scope would be a second query.
  scope: z.never().optional(),
  nonce: nonceSchema,
  state: z
    .string()
    .regex(/^[A-Za-z0-9._~-]{1,512}$/)
    .optional(),
  dcql_query: z.looseObject({ credentials: z.array(z.looseObject({})).min(1).max(8) }),
  client_metadata: z.looseObject({
    jwks: z.looseObject({ keys: z.array(z.looseObject({})).min(1).max(16) }),
    encrypted_response_enc_values_supported: z.array(z.string()).optional(),
  }),
  verifier_info: z
    .array(z.looseObject({ format: z.string(), data: z.unknown() }))
    .max(16)
    .optional(),
});

/** Where the sign-in goes on: in the browser that opened the wallet, or in another screen that showed a code. */
export const REQUEST_MODES = ['same-device', 'cross-device'] as const;
export type RequestMode = (typeof REQUEST_MODES)[number];

export type RequestObject = z.infer<typeof requestObjectSchema>;

export { encryptionKeySchema, nonceSchema };
