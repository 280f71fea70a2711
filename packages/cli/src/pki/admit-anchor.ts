import { systemClock, unixSeconds } from '@attestel/core';
import { anchorIdOf, commitToTokenKey, ensureTokenKey, ROLES, type Scope } from '@attestel/pki';
import type { CommandInput, Run } from '../command.ts';
import type { ActingParty } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { instant, requiredText, textList, textOr } from '../option-values.ts';
import { hashOf, readCertificate } from './read-argument.ts';
import { type PkiChange, sendChange, signingOf } from './send-change.ts';
import { withId } from './with-id.ts';

type Values = CommandInput['values'];

const KINDS = ['vendor', 'operator', 'ledger'] as const;

export const run: Run = async ({ values, progress }) => {
  const kind = kindOf(values);
  const file = textOr(values, 'certificate', undefined);
  const certificate = file === undefined ? null : await readCertificate(file, '--certificate');
  const from = instant(values, 'from', unixSeconds(systemClock));
  const until = instant(values, 'until', null);
  const replaces = replacedBy(values);
  const signing = await signingOf(values);
  progress('signing …');
  const scope = await scopeOf(values, kind, signing.parties[0]);
  const body = { certificate, scope, from, until, replaces, voters: signing.voters };
  const change = { kind: 'anchor.admit', body: body as unknown as PkiChange['body'] } as const;
  return withId(await sendChange(values, signing, change), 'anchor', anchorIdOf(certificate, scope));
};

function kindOf(values: Values): Scope['kind'] {
  const kind = KINDS.find((one) => one === requiredText(values, 'kind'));
  if (!kind) throw fail('option_invalid', { field: `--kind (one of ${KINDS.join(', ')})` });
  return kind;
}

/** Under whose token key serials are hidden is the owner's first decision, so it is made here. */
async function scopeOf(
  values: Values,
  kind: Scope['kind'],
  { keyStore, identity }: ActingParty,
): Promise<Scope> {
  const sorted = (name: string): string[] => [...new Set(textList(values, name))].sort();
  const roles = sorted('role').map((role) => {
    const known = ROLES.find((one) => one === role);
    if (!known) throw fail('option_invalid', { field: `--role (${ROLES.join(', ')})` });
    return known;
  });
  if (roles.length === 0) throw fail('argument_missing', { field: '--role' });
  return {
    ...{ kind, owner: identity.did, plmns: sorted('plmn'), slices: sorted('slice'), dns: sorted('dns') },
    ...{ serials: sorted('serial'), roles },
    tokenKey: commitToTokenKey(await ensureTokenKey(keyStore)),
  };
}

function replacedBy(values: Values) {
  const old = textOr(values, 'replaces', undefined);
  if (old === undefined) return null;
  const until = instant(values, 'replaces-until', undefined);
  if (until === undefined) throw fail('argument_missing', { field: '--replaces-until' });
  return { anchor: hashOf(old, '--replaces'), until };
}
