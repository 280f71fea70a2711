import { type StoreReader, unixSeconds } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { oneTimeNonce } from '../credential/key-proofs.ts';
import { fail } from '../errors.ts';
import type { CopyOrigin } from '../line/copies.ts';
import type { LineState } from '../line/state.ts';
import { type SelfSignedJwt, verifySelfSignedJwt } from '../oauth/signed-jwt.ts';
import { holderOf } from '../status/copy-store.ts';
import type { OneTimeValue } from '../storage/used-once.ts';

export const BINDING_STATEMENT_TYP = 'attestel-binding+jwt';
const MAX_AGE_SECONDS = 300;
const MAX_AHEAD_SECONDS = 60;

/**
 * What a key that a line is bound to says about the binding: `rebind`, it agrees to the key `jkt`;
 * `veto`, it refuses the re-binding that waits. Signed by the holder key of any copy.
 */
export interface BindingStatement {
  /** Thumbprint of the signing key. */
  readonly holder: string;
  readonly jkt: string | null;
  readonly once: readonly OneTimeValue[];
}

/** @throws AppError binding_statement_invalid, nonce_invalid */
export async function verifyBindingStatement(
  issuer: IssuerContext,
  compact: string,
  action: 'rebind' | 'veto',
): Promise<BindingStatement> {
  const statement = parseStatement(compact);
  const { aud, iat, nonce, jkt, action: said } = statement.claims;
  const now = unixSeconds(issuer.clock);
  const isTimely = typeof iat === 'number' && iat <= now + MAX_AHEAD_SECONDS && iat >= now - MAX_AGE_SECONDS;
  if (aud !== issuer.issuerUrl || !isTimely || said !== action || typeof nonce !== 'string') {
    throw fail('binding_statement_invalid');
  }
  if (action === 'rebind' && typeof jkt !== 'string') throw fail('binding_statement_invalid');
  const once = [await oneTimeNonce(issuer, nonce, 'binding_statement')];
  return { holder: statement.thumbprint, jkt: typeof jkt === 'string' ? jkt : null, once };
}

function parseStatement(compact: string): SelfSignedJwt {
  try {
    return verifySelfSignedJwt(compact, BINDING_STATEMENT_TYP);
  } catch (cause) {
    throw fail('binding_statement_invalid', { cause });
  }
}

/** Whether the statement comes from the standing binding of this line and agrees to this key. */
export function approvesKey(
  reader: StoreReader,
  statement: BindingStatement,
  asked: { readonly subscriptionId: string; readonly line: LineState; readonly key: string },
): boolean {
  const holder = holderOf(reader, statement.holder);
  return (
    statement.jkt === asked.key &&
    holder?.subscriptionId === asked.subscriptionId &&
    isStanding(asked.line, holder.origin)
  );
}

/** A copy of the person now on the line, made under the binding that stands. */
export const isStanding = (line: LineState, origin: CopyOrigin): boolean =>
  line.person === origin.person && line.binding?.no === origin.binding;
