import { instantOf } from '../module/instant.ts';
import type { JsonObject, Query, Row } from '../module/module.ts';
import { DID, INSTANT, integer, list, OBJECT_ID, shape } from '../module/shapes.ts';
import type { DocumentState, DocumentVersion } from './document.ts';
import { inForce } from './effect.ts';

/** The version of a document that counts at that time. */
export function versionAt<B>(
  { versions, end }: DocumentState<B>,
  at: number,
): DocumentVersion<B> | undefined {
  return end && end.from <= at ? undefined : inForce(versions, at);
}

export function documentQueries<B>(): { readonly [name: string]: Query<DocumentState<B>, never> } {
  const inForceAt: Query<DocumentState<B>, { readonly at: string }> = {
    summary: { 'zh-CN': '某时有效的版本', en: 'Versions in force at a time' },
    schema: shape({ at: INSTANT }),
    paged: true,
    run: ({ rows, args }) => {
      const at = instantOf(args.at, '/at');
      return [...rows].flatMap(({ id, state }) => {
        const version = versionAt(state, at);
        return version ? [{ id, publisher: state.publisher, ...(version as unknown as JsonObject) }] : [];
      });
    },
  };
  return { inForce: inForceAt, acknowledgements: acknowledgements<B>() };
}

interface Asked {
  readonly document: string;
  readonly version: number;
  readonly from: readonly string[];
}

function acknowledgements<B>(): Query<DocumentState<B>, Asked> {
  return {
    summary: {
      'zh-CN': '谁已确认某一版本，谁还没有',
      en: 'Who has acknowledged a version, and who of those asked has not',
    },
    schema: shape({ document: OBJECT_ID, version: integer(1, 1_000_000), from: list(DID, 1000) }),
    by: ['document'],
    run: ({ rows, args }) => {
      const done = [...rows].flatMap(acknowledgementOf(args));
      const missing = args.from.filter((did) => !done.some(({ party }) => party === did));
      return { done, missing };
    },
  };
}

const acknowledgementOf =
  <B>({ version }: Asked) =>
  ({ state }: Row<DocumentState<B>>) =>
    state.of?.version === version ? [{ party: state.publisher, time: state.begun }] : [];
