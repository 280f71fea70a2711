import { type Bytes, fromUtf8 } from '@attestel/core';
import { z } from 'zod';
import { decryptJwe } from './decrypt-jwe.ts';
import { fail } from './errors.ts';
import { QUERY_ID } from './query.ts';

const MAX_PRESENTATION_CHARACTERS = 24_000;

// OpenID4VP 1.0 §8.1: one array of presentations per credential query; unknown members are ignored.
const payloadSchema = z.object({
  state: z.string().max(256),
  vp_token: z.strictObject({
    [QUERY_ID]: z.array(z.string().min(1).max(MAX_PRESENTATION_CHARACTERS)).length(1),
  }),
});

const errorSchema = z.object({ state: z.string().max(256), error: z.string().max(64) });

export type WalletAnswer =
  | { readonly kind: 'presentation'; readonly state: string; readonly presentation: string }
  | { readonly kind: 'error'; readonly state: string; readonly error: string };

/**
 * Opens a `direct_post.jwt` response (OpenID4VP 1.0 §8.3): encrypted to the key of this flow and no other.
 * @throws response_undecryptable, response_malformed
 */
export function decryptResponse(jwe: string, kid: string, privateKey: Bytes): WalletAnswer {
  return parseAnswer(decrypt(jwe, kid, privateKey));
}

function decrypt(jwe: string, kid: string, privateKey: Bytes): Bytes {
  try {
    return decryptJwe(jwe, kid, privateKey);
  } catch (cause) {
    throw fail('response_undecryptable', { cause });
  }
}

function parseAnswer(plaintext: Bytes): WalletAnswer {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(plaintext));
  } catch (cause) {
    throw fail('response_malformed', { cause });
  }
  const refused = errorSchema.safeParse(value);
  if (refused.success) return { kind: 'error', ...refused.data };
  const answer = payloadSchema.safeParse(value);
  if (!answer.success) throw fail('response_malformed');
  const [presentation = ''] = answer.data.vp_token[QUERY_ID] ?? [];
  return { kind: 'presentation', state: answer.data.state, presentation };
}
