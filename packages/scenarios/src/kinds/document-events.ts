import type { JsonSchema, Recorded } from '../module/module.ts';
import { integer, nullable, OBJECT_ID, prose, SECONDS, shape } from '../module/shapes.ts';
import { beginning, partiesOf } from './declaration.ts';
import type { DocumentState, DocumentVersion } from './document.ts';

const VERSION = integer(1, 1_000_000);

export const documentEvents = (body: JsonSchema): { readonly [type: string]: JsonSchema } => ({
  published: shape({
    version: VERSION,
    body,
    from: SECONDS,
    until: nullable(SECONDS),
    published: SECONDS,
  }),
  withdrawn: shape({ from: SECONDS, reason: prose(2000) }, ['reason']),
  acknowledged: shape({ document: OBJECT_ID, version: VERSION }),
});

export const unknownDocument = <B>(event: Recorded): DocumentState<B> => ({
  ...beginning(event),
  status: 'unknown',
  publisher: event.party,
  versions: [],
  latest: 0,
  end: null,
  of: null,
});

/** Total. @param keep versions whose bodies stay */
export function evolveDocument<B>(state: DocumentState<B>, event: Recorded, keep: number): DocumentState<B> {
  switch (event.type) {
    case 'published': {
      const version = event.data as unknown as DocumentVersion<B>;
      return {
        ...state,
        status: state.end ? state.status : 'published',
        parties: partiesOf(...state.parties, ...event.parties),
        versions: [...state.versions, version].slice(-keep),
        latest: version.version,
      };
    }
    case 'withdrawn': {
      const { from, reason } = event.data as { readonly from: number; readonly reason?: string };
      return { ...state, status: 'withdrawn', end: { from, reason: reason ?? null } };
    }
    case 'acknowledged': {
      const of = event.data as NonNullable<DocumentState<B>['of']>;
      return { ...state, status: 'acknowledged', of };
    }
    default:
      return state;
  }
}
