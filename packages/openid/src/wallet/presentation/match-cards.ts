import { type DcqlCredential, DcqlQuery, type DcqlQueryResult } from 'dcql';
import { fail } from '../errors.ts';

/** A credential as a query sees it. */
export interface Candidate {
  readonly vct: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Names that can be left out; the rest is always visible. */
  readonly selective: readonly string[];
}

/** Which claims of a card answer which query: one presentation each. */
export interface Answer {
  readonly queryId: string;
  readonly disclose: readonly string[];
}

/** One way to answer the whole request from one card. */
export type Choice = readonly Answer[];

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
 * The ways one card can answer, the verifier's favourite first: for each credential query that has to be
 * answered (§6.4.2) a claim set that the card holds (§6.4.1). The person may take a later one and so keep
 * claims back. Empty unless the card alone satisfies the request.
 */
export function choicesOf(query: Query, candidate: Candidate): readonly Choice[] {
  const result = DcqlQuery.query(query, [toDcqlCredential(candidate)]);
  if (!result.can_be_satisfied) return [];
  const satisfied = (id: string): boolean => result.credential_matches[id]?.success === true;
  const required = requiredQueries(query, satisfied);
  const perQuery = required.map((queryId) => ({ queryId, sets: claimSets(result, queryId, candidate) }));
  const [only, second] = perQuery;
  if (only === undefined) return [];
  // With several queries the combinations would be no choice a person can read.
  if (second !== undefined) {
    return [perQuery.map(({ queryId, sets }) => ({ queryId, disclose: sets[0] ?? [] }))];
  }
  return only.sets.map((disclose) => [{ queryId: only.queryId, disclose }]);
}

function claimSets(result: DcqlQueryResult, queryId: string, candidate: Candidate): string[][] {
  const match = result.credential_matches[queryId];
  const matched = match?.success ? match.valid_credentials[0]?.claims : undefined;
  const outputs = matched?.success ? (matched.valid_claim_sets ?? []) : [];
  const sets = outputs.map((set) =>
    Object.keys(set.output ?? {}).filter((name) => candidate.selective.includes(name)),
  );
  return sets.length === 0
    ? [[]]
    : [...new Map(sets.map((set) => [[...set].sort().join(' '), set])).values()];
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
