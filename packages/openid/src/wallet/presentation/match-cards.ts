import { type DcqlCredential, DcqlQuery } from 'dcql';
import { fail } from '../errors.ts';

/** A credential as a query sees it. */
export interface Candidate {
  readonly cardId: string;
  readonly vct: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Names that can be left out; the rest is always visible. */
  readonly selective: readonly string[];
}

/** Which claims of a card answer which query. */
export interface Answer {
  readonly cardId: string;
  readonly queryId: string;
  readonly disclose: readonly string[];
}

export type Query = DcqlQuery.Output;

/** Hostile query → checked query (OpenID4VP 1.0 §6). Only what a flat SD-JWT VC can answer. */
export function parseQuery(input: Record<string, unknown>): Query {
  let query: Query;
  try {
    query = DcqlQuery.parse(input as DcqlQuery.Input);
    DcqlQuery.validate(query);
  } catch (cause) {
    throw fail('request_malformed', { field: 'dcql_query', cause });
  }
  for (const credential of query.credentials) {
    if (credential.format !== 'dc+sd-jwt' || !('claims' in credential || credential.meta)) {
      throw fail('request_query_unsupported', { field: 'dcql_query' });
    }
    for (const claim of credential.claims ?? []) {
      if (!('path' in claim) || claim.path.length !== 1 || typeof claim.path[0] !== 'string') {
        throw fail('request_query_unsupported', { field: 'dcql_query' });
      }
    }
  }
  return query;
}

/** Every claim name the query mentions, whether or not it would be chosen. */
export function askedClaims(query: Query): string[] {
  const names = query.credentials.flatMap((credential) =>
    (credential.claims ?? []).map((claim) => ('path' in claim ? String(claim.path[0]) : '')),
  );
  return [...new Set(names)];
}

/**
 * The answers one card can give: for each credential query that has to be answered (§6.4.2), the first
 * claim set that the card holds (§6.4.1). Undefined unless the card alone satisfies the request.
 */
export function answersOf(query: Query, candidate: Candidate): readonly Answer[] | undefined {
  const result = DcqlQuery.query(query, [toDcqlCredential(candidate)]);
  if (!result.can_be_satisfied) return undefined;
  const satisfied = (id: string): boolean => result.credential_matches[id]?.success === true;
  const required = requiredQueries(query, satisfied);
  if (required.length === 0) return undefined;
  return required.map((queryId) => {
    const match = result.credential_matches[queryId];
    const sets = match?.success ? match.valid_credentials[0]?.claims : undefined;
    const chosen = sets?.success ? (sets.valid_claim_sets?.[0]?.output ?? {}) : {};
    const disclose = Object.keys(chosen).filter((name) => candidate.selective.includes(name));
    return { cardId: candidate.cardId, queryId, disclose };
  });
}

function requiredQueries(query: Query, satisfied: (id: string) => boolean): string[] {
  if (query.credential_sets === undefined) return query.credentials.map((credential) => credential.id);
  // Optional sets are left unanswered: nothing leaves that need not.
  const options = query.credential_sets
    .filter((set) => set.required)
    .map((set) => set.options.find((ids) => ids.every(satisfied)) ?? []);
  return [...new Set(options.flat())];
}

const toDcqlCredential = (candidate: Candidate): DcqlCredential => ({
  credential_format: 'dc+sd-jwt',
  vct: candidate.vct,
  claims: candidate.claims as never,
  cryptographic_holder_binding: true,
});
