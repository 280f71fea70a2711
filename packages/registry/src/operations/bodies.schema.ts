import { isStrictEd25519Key } from '@attestel/core';
import { z } from 'zod';
import { APP_CLAIMS } from '../rules/app-claims.ts';
import { did } from '../rules/did.schema.ts';
import { displayTextFault } from '../rules/display-name.ts';
import { jwksFault } from '../rules/jwks.ts';
import { redirectUriFault, serviceUrlFault } from '../rules/web-url.ts';

const MAX_NAME = 80;
const MAX_PURPOSE = 200;
const MAX_LIST = 20;
// An operation carries at most 16 signatures: all founders sign the genesis, and the voters and the
// newcomer an admission. A higher threshold could never be met again.
const MAX_FOUNDERS = 16;
const MAX_THRESHOLD = MAX_FOUNDERS - 1;
const MAX_ANCHOR_BYTES = 4096;
const MAX_POWER = 1000;

/** Text that breaks no rule; `fault` says which it breaks. */
const ruled = (fault: (text: string) => string | undefined) =>
  z.string().superRefine((text, ctx) => {
    const message = fault(text);
    if (message !== undefined) ctx.addIssue({ code: 'custom', message });
  });

const distinct = <T extends z.ZodType<string>>(item: T, min: number, max: number) =>
  z
    .array(item)
    .min(min)
    .max(max)
    .refine((list) => new Set(list).size === list.length, 'must not repeat an entry');

const bilingual = (max: number) => {
  const text = ruled((value) => displayTextFault(value, max));
  return z.strictObject({ 'zh-CN': text, en: text });
};

const clientId = z.string().regex(/^[a-z][a-z0-9-]{2,39}$/, 'must match ^[a-z][a-z0-9-]{2,39}$');
const name = bilingual(MAX_NAME);
const roles = distinct(
  z.enum(['operator', 'vendor', 'regulator', 'auditor', 'tower-company', 'platform', 'app', 'bridge']),
  1,
  8,
);
const count = z.int().min(1).max(MAX_THRESHOLD);
const time = z.int().min(0);
const bytes = z.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && value.length > 0 && value.length <= MAX_ANCHOR_BYTES,
  `must be 1 to ${MAX_ANCHOR_BYTES} bytes`,
);

/** Ed25519, without a multikey's prefix, as engines write it. Engines take keys for which anybody can sign. */
const consensusKey = z.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && isStrictEd25519Key(value),
  'must be an Ed25519 key of 32 bytes, in its one encoding and not of small order',
);

const parameters = {
  /** Votes that admit, suspend and resume members and change the parameters. */
  admissionThreshold: count,
  /** Votes that accredit, suspend and resume issuers and bridges, and suspend apps against their member. */
  accreditationThreshold: count,
  trustAnchors: z.array(bytes).max(MAX_LIST),
};

const credentialType = z.strictObject({
  vct: z
    .string()
    .max(200)
    .regex(/^(?:https:\/\/|urn:)[\x21-\x7e]+$/, 'must be an https URL or a URN'),
  validity: z
    .strictObject({ from: time, until: time.nullable() })
    .refine(({ from, until }) => until === null || until > from, 'until must be after from'),
});

const app = z
  .strictObject({
    clientId,
    member: did,
    name,
    purpose: bilingual(MAX_PURPOSE),
    redirectUris: distinct(ruled(redirectUriFault), 1, MAX_LIST),
    postLogoutRedirectUris: distinct(ruled(redirectUriFault), 0, MAX_LIST),
    claims: distinct(z.enum(APP_CLAIMS), 0, APP_CLAIMS.length),
    authentication: z.enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none']),
    jwks: ruled(jwksFault).nullable(),
    secretVersion: z.int().min(1).max(1_000_000),
  })
  .refine((body) => (body.authentication === 'private_key_jwt') === (body.jwks !== null), {
    path: ['jwks'],
    message: 'must be there for private_key_jwt and null otherwise',
  });

const memberRef = z.strictObject({ did });
const appRef = z.strictObject({ clientId });
const member = z.strictObject({ did, name, roles });

/** Body of each kind of operation: strict, because what is signed must have one meaning. */
export const BODIES = {
  genesis: z
    .strictObject({ founders: z.array(member).min(1).max(MAX_FOUNDERS), ...parameters })
    .refine((body) => new Set(body.founders.map((f) => f.did)).size === body.founders.length, {
      path: ['founders'],
      message: 'must not repeat a DID',
    }),
  parameters: z.strictObject(parameters),
  upgrade: z.strictObject({ sm: z.int().min(1).max(1_000_000), height: z.int().min(2) }),
  'member.admit': member,
  'member.suspend': memberRef,
  'member.resume': memberRef,
  'member.leave': z.strictObject({}),
  'issuer.accredit': z.strictObject({
    did,
    issuerUrl: ruled(serviceUrlFault),
    name,
    types: z
      .array(credentialType)
      .min(1)
      .max(MAX_LIST)
      .refine((types) => new Set(types.map((t) => t.vct)).size === types.length, 'must not repeat a vct'),
  }),
  'issuer.suspend': memberRef,
  'issuer.resume': memberRef,
  'bridge.accredit': z.strictObject({ did, url: ruled(serviceUrlFault), member: did, name }),
  'bridge.suspend': memberRef,
  'bridge.resume': memberRef,
  'app.register': app,
  'app.update': app,
  'app.suspend': appRef,
  'app.resume': appRef,
  'validator.set': z.strictObject({ did, key: consensusKey, power: z.int().min(0).max(MAX_POWER) }),
} as const;

export type RegistryKind = keyof typeof BODIES;
export type RegistryBody<K extends RegistryKind> = z.output<(typeof BODIES)[K]>;
