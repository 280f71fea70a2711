import type { Certificate } from '../certificate/certificate.ts';
import { ANY_POLICY } from '../certificate/extension-types.ts';
import { nameKey } from '../certificate/name.ts';
import { fail } from '../errors.ts';
import type { PathLimits } from './limits.ts';
import { NameRules } from './name-constraints.ts';
import { PolicyGraph } from './policy-graph.ts';

/** Inputs (c) to (g) of RFC 5280 §6.1.1. */
export interface PolicyInputs {
  /** user-initial-policy-set; absent means any policy. */
  readonly initial?: readonly string[];
  readonly requireExplicit?: boolean;
  readonly inhibitMapping?: boolean;
  readonly inhibitAny?: boolean;
}

/** Revocation of one certificate of a chain. @throws AppError when revoked or unknown */
export type CheckStatus = (certificate: Certificate, issuer: Certificate, anchor: Certificate) => void;

export interface ChainRules {
  /** Unix seconds; `any`: some moment in which all of the chain are valid. */
  readonly at: number | 'any';
  readonly limits: PathLimits;
  readonly policies: PolicyInputs;
  readonly checkStatus: CheckStatus | undefined;
}

/** Outputs of RFC 5280 §6.1.6; 'any' where anyPolicy is among them. */
export interface ValidPolicies {
  readonly authority: readonly string[] | 'any';
  readonly user: readonly string[] | 'any';
}

const isSelfIssued = (certificate: Certificate): boolean =>
  nameKey(certificate.issuerName) === nameKey(certificate.subjectName);

/**
 * RFC 5280 §6.1 for a chain whose signatures and names fit, first certificate under the anchor first, with
 * the policy graph of RFC 9618. Stricter than §6.2: what the anchor's certificate says of its own validity,
 * path length and names is enforced.
 * @throws AppError path_*, extension_critical_unknown
 */
export function checkChain(
  anchor: Certificate,
  chain: readonly Certificate[],
  rules: ChainRules,
): ValidPolicies {
  const state = new ChainState(anchor, chain, rules);
  for (const [index, certificate] of chain.entries()) {
    const last = index === chain.length - 1;
    rules.checkStatus?.(certificate, chain[index - 1] ?? anchor, anchor);
    state.process(certificate, last);
    if (last) return state.wrapUp(certificate);
    state.prepareNext(certificate);
  }
  throw fail('path_untrusted');
}

class ChainState {
  private readonly rules: ChainRules;
  private readonly at: number;
  private readonly names: NameRules;
  private readonly graph: PolicyGraph;
  private maxPathLength: number;
  private explicitPolicy: number;
  private policyMapping: number;
  private inhibitAny: number;

  /** §6.1.2 */
  constructor(anchor: Certificate, chain: readonly Certificate[], rules: ChainRules) {
    const { policies, limits } = rules;
    const { length } = chain;
    this.rules = rules;
    // If they are ever valid together, then when the youngest of them begins.
    this.at =
      rules.at === 'any' ? Math.max(...[anchor, ...chain].map(({ notBefore }) => notBefore)) : rules.at;
    this.names = new NameRules(limits);
    this.graph = new PolicyGraph(limits.policyNodes);
    this.explicitPolicy = policies.requireExplicit ? 0 : length + 1;
    this.policyMapping = policies.inhibitMapping ? 0 : length + 1;
    this.inhibitAny = policies.inhibitAny ? 0 : length + 1;
    this.maxPathLength = length;
    assertValidAt(anchor, this.at);
    this.takeConstraints(anchor);
  }

  /** §6.1.3 but for (a)(1), (3), (4) */
  process(certificate: Certificate, last: boolean): void {
    const { extensions } = certificate;
    assertValidAt(certificate, this.at);
    const selfIssued = !last && isSelfIssued(certificate);
    if (!selfIssued) this.names.check(certificate);
    this.graph.extend(extensions.policies, this.inhibitAny > 0 || selfIssued);
    if (this.explicitPolicy === 0 && this.graph.isNull) throw fail('path_policy');
  }

  /** §6.1.4 */
  prepareNext(certificate: Certificate): void {
    const { policyMappings, policyConstraints, inhibitAnyPolicy } = certificate.extensions;
    if (policyMappings) this.graph.map(policyMappings, this.policyMapping > 0);
    const selfIssued = isSelfIssued(certificate);
    if (!selfIssued) {
      this.explicitPolicy = Math.max(0, this.explicitPolicy - 1);
      this.policyMapping = Math.max(0, this.policyMapping - 1);
      this.inhibitAny = Math.max(0, this.inhibitAny - 1);
    }
    this.explicitPolicy = Math.min(this.explicitPolicy, policyConstraints?.requireExplicit ?? Infinity);
    this.policyMapping = Math.min(this.policyMapping, policyConstraints?.inhibitMapping ?? Infinity);
    this.inhibitAny = Math.min(this.inhibitAny, inhibitAnyPolicy ?? Infinity);
    if (!selfIssued && this.maxPathLength-- <= 0) throw fail('path_length');
    this.takeConstraints(certificate);
  }

  /** §6.1.4 (g), (k), (m), (n), (o) */
  private takeConstraints({ extensions }: Certificate): void {
    const { basicConstraints, keyUsage, nameConstraints } = extensions;
    assertKnown(extensions.unknownCritical);
    if (!basicConstraints?.ca) throw fail('path_not_ca');
    if (keyUsage && !keyUsage.has('keyCertSign')) throw fail('path_key_usage');
    this.maxPathLength = Math.min(this.maxPathLength, basicConstraints.pathLength ?? Infinity);
    this.names.add(nameConstraints);
  }

  /** §6.1.5, with the policy sets of RFC 9618 §5.6 */
  wrapUp({ extensions }: Certificate): ValidPolicies {
    assertKnown(extensions.unknownCritical);
    const explicit =
      extensions.policyConstraints?.requireExplicit === 0 ? 0 : Math.max(0, this.explicitPolicy - 1);
    const authority = this.graph.authoritySet();
    const user = userSet(authority, this.rules.policies.initial);
    if (explicit === 0 && user !== 'any' && user.length === 0) throw fail('path_policy');
    return { authority: authority.has(ANY_POLICY) ? 'any' : [...authority].toSorted(), user };
  }
}

function userSet(
  authority: ReadonlySet<string>,
  initial: readonly string[] | undefined,
): readonly string[] | 'any' {
  const any = initial === undefined || initial.includes(ANY_POLICY);
  if (authority.has(ANY_POLICY)) return any ? 'any' : initial.toSorted();
  return [...authority].filter((policy) => any || initial.includes(policy)).toSorted();
}

function assertKnown(unknownCritical: readonly string[]): void {
  if (unknownCritical.length > 0) {
    throw fail('extension_critical_unknown', { detail: unknownCritical.join(' ') });
  }
}

function assertValidAt({ notBefore, notAfter }: Certificate, at: number): void {
  // Written so that a time that is no number is refused.
  if (!(at >= notBefore)) throw fail('path_not_yet_valid');
  if (!(at <= notAfter)) throw fail('path_expired');
}
