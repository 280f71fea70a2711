import { fail } from '../errors.ts';
import { callNode } from '../node-api.ts';

/** An anchor as `GET /v1/pki/anchors` shows it, as far as commands need it. */
export interface ListedAnchor {
  readonly id: string;
  readonly operation: string;
  readonly standing: string;
  readonly from: number;
  readonly until: number | null;
  readonly scope: {
    readonly kind: string;
    readonly owner: string;
    readonly plmns: readonly string[];
    readonly slices: readonly string[];
    readonly dns: readonly string[];
    readonly serials: readonly string[];
    readonly roles: readonly string[];
  };
}

/** A batch as `GET /v1/pki/batches` shows it. */
export interface ListedBatch {
  readonly id: string;
  readonly operation: string;
  readonly standing: string;
  readonly product: string;
  readonly number: string;
  readonly count: number;
  readonly used: number;
  readonly expiry: number;
  readonly serials: {
    readonly prefix: string;
    readonly digits: number;
    readonly from: number;
    readonly to: number;
  };
}

export const anchorsAt = async (node: string): Promise<readonly ListedAnchor[]> =>
  ((await callNode(`${node}/v1/pki/anchors`)) as { anchors: readonly ListedAnchor[] }).anchors;

export const batchesAt = async (node: string): Promise<readonly ListedBatch[]> =>
  ((await callNode(`${node}/v1/pki/batches`)) as { batches: readonly ListedBatch[] }).batches;

/** The one with the id. @throws object_unknown */
export function found<Listed extends { readonly id: string }>(
  all: readonly Listed[],
  id: string,
  field: string,
): Listed {
  const one = all.find((listed) => listed.id === id);
  if (!one) throw fail('object_unknown', { field });
  return one;
}
