import { json, type Route } from '@attestel/core';
import { parseQuery, parseWholeNumber } from './query.ts';

/** How the policy in force came about. */
export interface PolicyChain {
  /** Text of the policy with sequence 0. */
  readonly first: string;
  /** Signed notes: the first one leads to the policy with sequence 1 (specs/ledger.md §14). */
  readonly links: readonly string[];
}

/** Links in one answer; an answer stays below 4 MB with notes of usual size. */
const MAX_LINKS = 100;

/**
 * The signed steps from one policy to the next: who trusts an older one follows them and believes nobody else.
 * The first policy is no proof of anything; it shows where somebody else's policy stands in the chain.
 */
export const policyChainEndpoint = ({ first, links }: PolicyChain): Route => ({
  method: 'GET',
  path: '/v1/ledger/policies',
  summary: 'Signed links from policy to policy, after a sequence',
  errors: 'problem',
  cors: true,
  handle({ url }) {
    const max = Number.MAX_SAFE_INTEGER - 1;
    const after = parseWholeNumber(parseQuery(url, ['after']).after, {
      ...{ field: 'after', fallback: 0, min: 0, max },
    });
    const page = links.slice(after, after + MAX_LINKS);
    return json({ first, sequence: links.length, links: page }, 200, { 'cache-control': 'no-cache' });
  },
});
