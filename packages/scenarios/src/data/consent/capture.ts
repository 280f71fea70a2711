import { fail } from '../../errors.ts';
import { type EffectText, effectOf } from '../../kinds/effect.ts';
import type { GrantState } from '../../kinds/grant.ts';
import { standingOf } from '../../kinds/grant-queries.ts';
import { tell } from '../../kinds/tell.ts';
import type { Command, CommandRequest, JsonObject, JsonSchema, ModuleEvent } from '../../module/module.ts';
import { INSTANT, OBJECT_ID, said, shape } from '../../module/shapes.ts';
import type { ConsentScope } from '../modules/data-consent.ts';

type Consent = GrantState<ConsentScope>;

type Capture = Pick<EffectText, 'validUntil'> & {
  readonly scope: ConsentScope;
  readonly confirmation: { readonly method: string; readonly evidence: string };
  readonly replaces?: string;
};

interface CaptureRules {
  readonly scope: JsonSchema;
  readonly confirmation: JsonSchema;
  /** Name of the step that the person takes. */
  readonly step: string;
  /** Seconds. */
  readonly longest: number;
}

/**
 * What a person agreed to in front of an accredited bridge, asked and given in one line: there is no half of it. The
 * person has no DID there; what binds it to them is the wallet's signature that the bridge checked, and with it the
 * bridge answers for what it writes. The consent that it takes the place of ends in the same line.
 */
export function captureCommand(rules: CaptureRules): Command<Consent, never> {
  const command: Command<Consent, Capture> = {
    summary: {
      'zh-CN': '记录用户在认证登录服务处的授权',
      en: 'Records what a person agreed to at an accredited bridge',
    },
    schema: shape(
      {
        scope: rules.scope,
        confirmation: rules.confirmation,
        validUntil: said(INSTANT, { 'zh-CN': '失效时间（不含）', en: 'Ends then, exclusive' }),
        replaces: said(OBJECT_ID, {
          'zh-CN': '被取代的授权，同时撤销',
          en: 'Consent that it takes the place of, which ends',
        }),
      },
      ['replaces'],
    ),
    on: 'new',
    objects: ({ replaces }) => (replaces === undefined ? [] : [replaces]),
    // Not handed on to agents: the bridge saw the person.
    allow: ({ context }) => context.actor === context.party && context.roles.includes('bridge'),
    decide: (request) => [...endOf(request), ...captured(rules, request)],
  };
  return command as unknown as Command<Consent, never>;
}

type Request = CommandRequest<Consent, Capture>;

function captured({ step, longest }: CaptureRules, { data, context }: Request): ModuleEvent[] {
  const { scope, confirmation } = data;
  if (scope.controller !== context.party) throw fail('out_of_range', { field: '/scope/controller' });
  // A code by text message proves the number to whoever reads it; a bridge has better.
  if (confirmation.method !== 'wallet-signature')
    throw fail('out_of_range', { field: '/confirmation/method' });
  const effect = effectOf(data, context, 0);
  if (effect.until === null || effect.until - effect.from > longest)
    throw fail('out_of_range', { field: '/validUntil', extra: { longest } });
  const [grantee] = scope.recipients;
  const event = { scope, grantee, approvers: [], effect, limit: null } as unknown as JsonObject;
  const also = [context.party];
  return [
    tell(undefined, { type: 'requested', data: event, also }),
    tell(undefined, { type: 'approved', data: { step, confirmation }, also }),
    tell(undefined, { type: 'granted', data: {}, also }),
  ];
}

/** Of the same person at the same bridge, and still something to end. */
function endOf({ data, context, others }: Request): ModuleEvent[] {
  const { replaces: object, scope } = data;
  const before = object === undefined ? undefined : others.get(object);
  if (object === undefined || before === undefined) return [];
  if (before.requester !== context.party || before.scope.subject !== scope.subject)
    throw fail('permission_denied', { field: '/replaces' });
  // What has gaps may be over, and is ended once more: nobody loses by that.
  const standing = standingOf(before, context.time);
  if (standing !== 'active' && standing !== 'unknown') throw fail('conflict', { field: '/replaces' });
  return [tell(before, { type: 'revoked', data: { reason: 'replaced' }, object })];
}
