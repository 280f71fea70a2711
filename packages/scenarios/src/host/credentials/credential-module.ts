import { canonicalizeJson, type JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import { instantOf } from '../../module/instant.ts';
import type {
  CommandRequest,
  Context,
  Grant,
  JsonObject,
  JsonSchema,
  Module,
  ModuleEvent,
  Query,
  Reader,
  Recorded,
} from '../../module/module.ts';
import { validatorOf } from '../../module/schemas.ts';
import { DID, INSTANT, nullable, prose, SECONDS, said, shape, text } from '../../module/shapes.ts';
import type { CredentialTypes } from '../ports.ts';
import { BUILT_IN_TYPES } from './built-in-types.ts';
import { credentialList } from './credential-list.ts';

/** Credentials that somebody gives by hand: governors, and holders of a right to give. */
export const CREDENTIAL_MODULE = 'host.credential';

export interface IssuedState {
  readonly status: 'issued' | 'revoked' | 'unknown';
  readonly type: string;
  readonly issuer: string;
  readonly subject: string;
  /** Organisation that keeps it: the subject, or at whose node the subject acts. */
  readonly keeper: string;
  readonly claims: JsonObject;
  /** End, unix seconds, exclusive; null: until revoked. */
  readonly until: number | null;
  readonly reason: string | null;
}

interface IssueData {
  readonly type: string;
  readonly subject: string;
  readonly keeper?: string;
  readonly claims: JsonObject;
  readonly validUntil?: string;
}

const OBJECT: JsonSchema = { type: 'object' };
const TYPE = { ...text(64), pattern: '^[A-Z][A-Za-z0-9]*$' };

/**
 * @param modules whose types are given by hand, beside the built-in ones
 * @throws TypeError where two declare one type differently
 */
export function credentialModule(modules: readonly Pick<Module, 'credentials'>[]): Module<IssuedState> {
  const types = allCredentialTypes(modules);
  return {
    name: CREDENTIAL_MODULE,
    version: '1',
    summary: { 'zh-CN': '手工签发和吊销的凭证', en: 'Credentials given and revoked by hand' },
    execution: ['private'],
    commands: {
      issue: {
        summary: { 'zh-CN': '签发凭证', en: 'Give a credential' },
        schema: ISSUE,
        on: 'new',
        allow: ({ context }) => actsItself(context),
        decide: (request: CommandRequest<IssuedState, IssueData>) => [issued(types, request)],
      },
      revoke: {
        summary: { 'zh-CN': '吊销凭证', en: 'Revoke a credential' },
        schema: shape({ reason: prose(500) }, ['reason']),
        on: 'existing',
        allow: ({ state, context }) => actsItself(context) && state?.issuer === context.party,
        decide: revoked,
      },
    },
    events: {
      issued: shape({ type: TYPE, subject: DID, keeper: DID, claims: OBJECT, until: nullable(SECONDS) }),
      revoked: shape({ reason: nullable(prose(500)) }),
    },
    queries: { objects: credentialList as unknown as Query<IssuedState, never> },
    // What may be given is no part of this module: its digest stays when a scenario is added.
    credentials: {},
    gives: Object.keys(types).map((type) => ({
      type,
      on: 'issued',
      revokedOn: ['revoked'],
      to: (state: IssuedState): readonly Grant[] => (state.type === type ? [state] : []),
    })),
    evolve,
    visible,
    movers: ({ issuer }) => [issuer],
  };
}

const ISSUE = shape(
  {
    type: said(TYPE, { 'zh-CN': '凭证类型', en: 'Type of credential' }),
    subject: said(DID, { 'zh-CN': '凭证对象', en: 'Whom it is about' }),
    keeper: said(DID, {
      'zh-CN': '保存凭证的组织；缺省为凭证对象',
      en: 'Organisation at whose node the subject acts; absent: the subject itself',
    }),
    claims: said(OBJECT, { 'zh-CN': '内容，按类型的模式', en: 'What it says, by the schema of its type' }),
    validUntil: said(INSTANT, {
      'zh-CN': '失效时间（不含）',
      en: 'Ends then, exclusive; absent: when revoked',
    }),
  },
  ['keeper', 'validUntil'],
);

/** Types of all modules and the built-in ones. @throws TypeError where two declare one type differently */
export function allCredentialTypes(modules: readonly Pick<Module, 'credentials'>[]): CredentialTypes {
  const all: { [type: string]: CredentialTypes[string] } = { ...BUILT_IN_TYPES };
  for (const { credentials } of modules) {
    for (const [type, declared] of Object.entries(credentials)) {
      const known = Object.hasOwn(all, type) ? all[type] : undefined;
      if (known && canonicalizeJson(known as JsonValue) !== canonicalizeJson(declared as JsonValue))
        throw new TypeError(`credential type ${type} is declared twice`);
      all[type] = declared;
    }
  }
  return all;
}

/** The organisation itself: a right to give is not handed on. */
const actsItself = ({ actor, party }: Context): boolean => actor === party;

function issued(types: CredentialTypes, request: CommandRequest<IssuedState, IssueData>): ModuleEvent {
  const { data, context } = request;
  const { type, subject, keeper = subject, claims, validUntil } = data;
  const declared = Object.hasOwn(types, type) ? types[type] : undefined;
  if (!declared || declared.trust.by === 'module') throw fail('invalid_argument', { field: '/type' });
  validatorOf(declared.schema)(claims, '/claims');
  const until = validUntil === undefined ? null : instantOf(validUntil, '/validUntil');
  if (until !== null && until <= context.time) throw fail('out_of_range', { field: '/validUntil' });
  return {
    type: 'issued',
    data: { type, subject, keeper, claims, until },
    parties: [...new Set([context.party, keeper])],
  };
}

function revoked({ state, data }: CommandRequest<IssuedState, { readonly reason?: string }>): ModuleEvent[] {
  if (state?.status !== 'issued') throw fail('conflict');
  const parties = [...new Set([state.issuer, state.keeper])];
  return [{ type: 'revoked', data: { reason: data.reason ?? null }, parties }];
}

function evolve(state: IssuedState | undefined, event: Recorded): IssuedState {
  if (event.type === 'issued') {
    const data = event.data as unknown as Pick<
      IssuedState,
      'type' | 'subject' | 'keeper' | 'claims' | 'until'
    >;
    return { ...data, status: 'issued', issuer: event.party, reason: null };
  }
  const before = state ?? { ...NOTHING, issuer: event.party };
  if (event.type !== 'revoked') return before;
  return { ...before, status: 'revoked', reason: (event.data as { reason?: string }).reason ?? null };
}

/** What is left where the payload that began it is gone. */
const NOTHING = {
  status: 'unknown',
  type: '',
  subject: '',
  keeper: '',
  claims: {},
  until: null,
  reason: null,
} as const;

const visible = ({ issuer, subject, keeper }: IssuedState, { party, actor, roles }: Reader): boolean =>
  [issuer, subject, keeper].some((did) => did === party || did === actor) ||
  roles.includes('regulator') ||
  roles.includes('auditor');
