import { ANY_POLICY, type PolicyInformation, type PolicyMapping } from '../certificate/extension-types.ts';
import { fail } from '../errors.ts';

interface PolicyNode {
  readonly policy: string;
  /** Policies that satisfy this one in the next certificate. */
  expected: readonly string[];
  readonly parents: readonly PolicyNode[];
}

type Level = Map<string, PolicyNode>;

/**
 * The valid policy graph of RFC 9618 §5, which replaces the tree of RFC 5280 §6.1 and, unlike it, is no
 * larger than the policies in the certificates. Only the last level is ever extended; what the RFC prunes
 * is here what no node of that level reaches.
 */
export class PolicyGraph {
  private level: Level | null = new Map([[ANY_POLICY, node(ANY_POLICY, [])]]);
  private nodes = 1;
  private readonly maxNodes: number;

  constructor(maxNodes: number) {
    this.maxNodes = maxNodes;
  }

  /** valid_policy_graph = NULL. */
  get isNull(): boolean {
    return this.level === null;
  }

  /** §6.1.3 (d), (e). @param anyAllowed whether anyPolicy counts in this certificate */
  extend(policies: readonly PolicyInformation[] | undefined, anyAllowed: boolean): void {
    const above = this.level;
    if (above === null) return;
    const named = new Set(policies?.map(({ policy }) => policy));
    const any = named.delete(ANY_POLICY) && anyAllowed;
    const expecting = byExpected(above);
    const next: Level = new Map();
    for (const policy of named) {
      const parents = expecting.get(policy) ?? asList(above.get(ANY_POLICY));
      if (parents.length > 0) this.add(next, node(policy, parents));
    }
    for (const [policy, parents] of any ? expecting : []) {
      if (!next.has(policy)) this.add(next, node(policy, parents));
    }
    this.level = next.size > 0 ? next : null;
  }

  /** §6.1.4 (a), (b). @param allowed policy_mapping > 0 */
  map(mappings: readonly PolicyMapping[], allowed: boolean): void {
    const targets = targetsOf(mappings);
    const level = this.level;
    if (level === null) return;
    const any = level.get(ANY_POLICY);
    for (const [policy, expected] of targets) {
      const own = level.get(policy);
      if (!allowed) level.delete(policy);
      else if (own) own.expected = expected;
      // §6.1.4 (b)(1): beside the anyPolicy node stands one for the mapped policy.
      else if (any) this.add(level, { policy, expected, parents: any.parents });
    }
    if (level.size === 0) this.level = null;
  }

  /**
   * §6.1.5 (g): the policies under which the path is valid for the authorities, each the name that the
   * first certificate below an anyPolicy gave it.
   */
  authoritySet(): Set<string> {
    const found = new Set<string>();
    if (this.level === null) return found;
    if (this.level.has(ANY_POLICY)) found.add(ANY_POLICY);
    const seen = new Set<PolicyNode>(this.level.values());
    for (const current of seen) {
      for (const parent of current.parents) {
        if (parent.policy === ANY_POLICY && current.policy !== ANY_POLICY) found.add(current.policy);
        seen.add(parent);
      }
    }
    return found;
  }

  private add(level: Level, added: PolicyNode): void {
    if (++this.nodes > this.maxNodes) throw fail('path_policy_work');
    level.set(added.policy, added);
  }
}

const asList = (one: PolicyNode | undefined): PolicyNode[] => (one ? [one] : []);

const node = (policy: string, parents: readonly PolicyNode[]): PolicyNode => ({
  policy,
  expected: [policy],
  parents,
});

/** By issuerDomainPolicy, the policies it is mapped to. @throws AppError path_policy_mapping */
function targetsOf(mappings: readonly PolicyMapping[]): Map<string, string[]> {
  const targets = new Map<string, Set<string>>();
  for (const { issuerDomain, subjectDomain } of mappings) {
    if (issuerDomain === ANY_POLICY || subjectDomain === ANY_POLICY) throw fail('path_policy_mapping');
    const known = targets.get(issuerDomain) ?? new Set();
    targets.set(issuerDomain, known.add(subjectDomain));
  }
  return new Map([...targets].map(([policy, mapped]) => [policy, [...mapped]]));
}

function byExpected(level: Level): Map<string, PolicyNode[]> {
  const out = new Map<string, PolicyNode[]>();
  for (const current of level.values()) {
    for (const policy of current.expected) {
      const known = out.get(policy);
      if (known) known.push(current);
      else out.set(policy, [current]);
    }
  }
  return out;
}
