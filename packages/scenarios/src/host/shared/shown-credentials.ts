import { type CborValue, fromHex, type JsonValue, toHex } from '@attestel/core';
import { type DeciderContext, digestOf, refOf } from '@attestel/registry';
import { z } from 'zod';
import type { Module } from '../../module/module.ts';
import { CREDENTIAL_OBJECTS } from '../commands/build-payload.ts';
import { credentialTypesOf } from '../commands/standing.ts';
import type { Proven } from '../credentials/prove-credential.ts';
import { type TrustSources, trustedOf } from '../credentials/trusted-credentials.ts';
import { MAX_CREDENTIALS, objectId, payloadSchema } from '../payload/payload.schema.ts';
import type { Held } from '../ports.ts';

/**
 * Credentials as nodes can check them: the payload of the line that gave each, with its salt. The line binds whoever
 * wrote it to every word, so that no signature of the credential itself is needed.
 */
export const shownCredentials = z
  .array(
    z.strictObject({
      /** In which it was given: this one, or one above. */
      channel: z.string().max(64),
      id: objectId,
      salt: z.string().regex(/^[0-9a-f]{64}$/),
      payload: z.custom<{ readonly [field: string]: CborValue }>(
        (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      ),
    }),
  )
  .max(MAX_CREDENTIALS);

export type ShownCredential = z.output<typeof shownCredentials>[number];

export const nameOfShown = ({ channel, id }: Pick<ShownCredential, 'channel' | 'id'>): string =>
  `${channel}|${id}`;

/** What is left of a line's payload to be read: who gave what, and when. */
const giving = payloadSchema.pick({ party: true, at: true, issued: true }).loose();

/** Those that count, by the ledger alone: given, not ended, and by whom their type trusts. Others are left out. */
export function heldBy(
  context: DeciderContext,
  module: Module,
  shown: readonly ShownCredential[],
): readonly Held[] {
  const proven = shown.flatMap((one) => provenOf(context, one) ?? []);
  return trustedOf(trustOf(context), {
    channel: context.channel,
    types: credentialTypesOf(module),
    proven,
  });
}

const trustOf = (context: DeciderContext): TrustSources => ({
  mayCount: (did) => !context.isBarred(did),
  governs: (_channel, did) => context.governs(did),
  // Whether a line of parties was one of that module's, and rightly so, nodes cannot tell.
  moduleOf: () => undefined,
});

function provenOf(context: DeciderContext, shown: ShownCredential): Proven | undefined {
  const { channel, id, payload, salt } = shown;
  const ref = toHex(refOf(CREDENTIAL_OBJECTS, fromHex(id)));
  const begun = context.beginning(channel, ref);
  // Its second line ends it. Lines of blind modules are written under a name that all members share.
  if (!begun?.isLast || begun.moduleDigest === null) return undefined;
  if (toHex(digestOf(payload as JsonValue, fromHex(salt))) !== begun.digest) return undefined;
  const said = giving.safeParse(payload);
  const given = said.data?.issued.find((one) => one.id === id);
  if (!said.success || !given || said.data.party !== begun.actor) return undefined;
  const { party: issuer, at: validFrom } = said.data;
  const { type, subject, claims, until: validUntil } = given;
  const { time } = context;
  if (time < validFrom || (validUntil !== null && time >= validUntil)) return undefined;
  const status = { channel, ref };
  const name = nameOfShown(shown);
  return {
    jwt: name,
    vc: { id: name, type, issuer, subject, claims, validFrom, validUntil, status },
    life: {
      ...{ line: '', actor: issuer, time: begun.time, moduleDigest: fromHex(begun.moduleDigest) },
      ...{ begins: 0, ends: undefined },
    },
  };
}
