import { DcqlPresentationResult, DcqlQuery } from 'dcql';
import { fail } from './errors.ts';

/** Identifier of the one credential query of every request (OpenID4VP 1.0 §6.1). */
export const QUERY_ID = 'phone';

/** Disclosed to bridges only: stands for the person on the line, never for a number. */
export const HANDLE = 'subscription_handle';
/**
 * Signed by earlier operators of a ported line, empty where there are none. Required like the handle: shown
 * once without it, a ported line would get a second account.
 */
export const PORTING = 'porting_records';

/**
 * Whether somebody may be taking the line over (specs/line-and-person.md). Required too: the wallet that
 * would keep them back is the thief's.
 */
export const WARNINGS = ['binding_changed_at', 'binding_pending'] as const;

const ALWAYS: readonly string[] = [HANDLE, PORTING, ...WARNINGS];

const NUMBER_CLAIMS: readonly string[] = ['phone_number', 'phone_number_verified'];

type Query = DcqlQuery.Input & { readonly credentials: readonly unknown[] };

/**
 * DCQL query for the phone credential: the handle, its hand-overs and the warnings always, the rest where the wallet has
 * it and the person agrees. `claim_sets` lists what we would take, best first (§6.3.1.2), so that a card without
 * one claim, or a person who keeps some back, still signs in.
 */
export function phoneQuery(vcts: readonly string[], claims: readonly string[]): Query {
  const name = JSON.stringify([vcts, claims]);
  const known = queries.get(name);
  if (known) return known;
  if (queries.size >= MAX_QUERIES) queries.clear();
  const created = buildQuery(vcts, claims);
  queries.set(name, created);
  return created;
}

/** The same few for ever, as many as there are ways in which apps ask; each is used twice a sign-in. */
const queries = new Map<string, Query>();
const MAX_QUERIES = 256;
/** Checked once, not at every answer. */
const parsedQueries = new WeakMap<Query, DcqlQuery.Output>();

function parsedOf(query: Query): DcqlQuery.Output {
  const known = parsedQueries.get(query);
  if (known) return known;
  const parsed = DcqlQuery.parse(query);
  parsedQueries.set(query, parsed);
  return parsed;
}

function buildQuery(vcts: readonly string[], claims: readonly string[]): Query {
  const asked = [...new Set(claims)].filter((name) => !ALWAYS.includes(name));
  const sets = claimSets(asked);
  return {
    credentials: [
      {
        id: QUERY_ID,
        format: 'dc+sd-jwt',
        meta: { vct_values: [...vcts] },
        claims: [...ALWAYS, ...asked].map((name) => ({ id: name, path: [name] })),
        claim_sets: sets,
      },
    ],
  } as Query;
}

function claimSets(asked: readonly string[]): string[][] {
  const number = asked.filter((name) => NUMBER_CLAIMS.includes(name));
  const facts = asked.filter((name) => !NUMBER_CLAIMS.includes(name));
  const sets = [asked, number, facts, []].map((names) => [...ALWAYS, ...names]);
  const distinct = new Map(sets.map((names) => [names.join(' '), names]));
  return [...distinct.values()];
}

/**
 * Checks the verified claims against the query that was sent (OpenID4VP 1.0 §8.6, §6.4).
 * @throws presentation_unsatisfying
 */
export function assertSatisfies(
  query: Query,
  presented: { readonly vct: string; readonly claims: Readonly<Record<string, unknown>> },
): void {
  const parsed = parsedOf(query);
  let satisfied: boolean;
  try {
    const result = DcqlPresentationResult.fromDcqlPresentation(
      {
        [QUERY_ID]: [
          {
            credential_format: 'dc+sd-jwt',
            vct: presented.vct,
            claims: presented.claims as never,
            cryptographic_holder_binding: true,
          },
        ],
      },
      { dcqlQuery: parsed },
    );
    satisfied = result.can_be_satisfied;
  } catch (cause) {
    throw fail('presentation_unsatisfying', { cause });
  }
  if (!satisfied) throw fail('presentation_unsatisfying');
}
