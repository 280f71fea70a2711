import type { CborValue } from '@attestel/core';
import type { ApplyContext, Operation, State } from '@attestel/ledger';
import type { PkiBody, PkiKind } from '../module/bodies.schema.ts';
import type { CertificateRules } from '../module/certificate-rules.ts';
import type { Sha256 } from '../rules/hashes.ts';

/** An operation whose body is parsed; whoever applies it checks who signed. */
export interface Change<K extends PkiKind> {
  readonly state: State;
  readonly body: PkiBody<K>;
  readonly actor: string;
  readonly operation: Operation;
  readonly context: ApplyContext;
  readonly sha256: Sha256;
  readonly certificates: CertificateRules;
}

/** What the event says. */
export type Detail = { readonly [field: string]: CborValue };

export type Apply<K extends PkiKind> = (change: Change<K>) => Detail;
