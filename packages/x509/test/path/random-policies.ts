import type { Bytes } from '@attestel/core';
import { extension, type PolicyInputs, writeName } from '@attestel/x509';
import fc from 'fast-check';
import { type Authority, authority, CA_EXTENSIONS, issued, keyPair } from '../chains.ts';

const ANY = '2.5.29.32.0';
const POLICIES = ['1.3.1', '1.3.2', '1.3.3'];

interface PolicyLink {
  readonly policies: readonly string[];
  readonly mappings: readonly (readonly [string, string])[];
  readonly requireExplicit: number | undefined;
  readonly inhibitMapping: number | undefined;
  readonly inhibitAny: number | undefined;
  readonly selfIssued: boolean;
}

const skip = fc.oneof(
  { weight: 6, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 2) },
);
const policy = fc.constantFrom(...POLICIES);

const link: fc.Arbitrary<PolicyLink> = fc.record({
  policies: fc.oneof(
    fc.uniqueArray(fc.constantFrom(...POLICIES, ANY), { maxLength: 3 }),
    fc.constant([ANY]),
    fc.constant([...POLICIES, ANY]),
  ),
  mappings: fc.oneof(
    fc.constant([]),
    fc.uniqueArray(fc.tuple(policy, policy), { maxLength: 3, selector: String }),
  ),
  requireExplicit: skip,
  inhibitMapping: skip,
  inhibitAny: skip,
  selfIssued: fc.oneof(
    { weight: 5, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
});

export interface PolicyRun {
  readonly links: readonly PolicyLink[];
  readonly inputs: PolicyInputs;
}

/** CAs under a root, then the leaf, and the inputs of RFC 5280 §6.1.1 (c) to (g). */
export const policyRuns: fc.Arbitrary<PolicyRun> = fc.record({
  links: fc.array(link, { minLength: 2, maxLength: 4 }),
  inputs: fc
    .record({
      initial: fc.option(fc.uniqueArray(policy, { minLength: 1, maxLength: 2 })),
      requireExplicit: fc.boolean(),
      inhibitMapping: fc.boolean(),
      inhibitAny: fc.boolean(),
    })
    .map(({ initial, ...flags }) => ({ ...flags, ...(initial && { initial }) })),
});

/** Without a policy openssl takes the initial set for empty, not for any. */
export const opensslOptions = ({ initial = [ANY], ...flags }: PolicyInputs): string[] => [
  '-policy_check',
  ...initial.flatMap((oid) => ['-policy', oid]),
  ...(flags.requireExplicit ? ['-explicit_policy'] : []),
  ...(flags.inhibitMapping ? ['-inhibit_map'] : []),
  ...(flags.inhibitAny ? ['-inhibit_any'] : []),
];

/** Root first, the leaf last. Key identifiers lead openssl, which does not go back, past self-issued names. */
export function writePolicyChain(links: readonly PolicyLink[]): Bytes[] {
  const ski = (number: number) => extension.ski(Uint8Array.of(number));
  const aki = (number: number) => extension.aki({ keyId: Uint8Array.of(number) });
  const root = authority('Policy root', { extensions: [...CA_EXTENSIONS, ski(0)] });
  const chain = [root.certificate];
  let issuer: Authority = root;
  for (const [index, one] of links.entries()) {
    if (index === links.length - 1) {
      chain.push(issued(issuer, { extensions: [...policiesOf(one), aki(index)] }));
      break;
    }
    const subject = one.selfIssued ? issuer.subject : writeName([['commonName', `Policy CA ${index}`]]);
    const keyIds = [ski(index + 1), aki(index)];
    const extensions = [...CA_EXTENSIONS, ...policiesOf(one), ...constraintsOf(one), ...keyIds];
    issuer = authority('', { by: issuer, subject, keys: keyPair('P-256', `policy ${index}`), extensions });
    chain.push(issuer.certificate);
  }
  return chain;
}

export const mapsBesideAny = ({ policies, mappings }: PolicyLink): boolean =>
  mappings.length > 0 && policies.includes(ANY);

const policiesOf = ({ policies }: PolicyLink): Bytes[] =>
  policies.length > 0 ? [extension.policies(policies.map((oid) => ({ policy: oid })))] : [];

function constraintsOf({ mappings, requireExplicit, inhibitMapping, inhibitAny }: PolicyLink): Bytes[] {
  const mapped = mappings.map(([issuerDomain, subjectDomain]) => ({ issuerDomain, subjectDomain }));
  const constraints = {
    ...(requireExplicit !== undefined && { requireExplicit }),
    ...(inhibitMapping !== undefined && { inhibitMapping }),
  };
  return [
    ...(mapped.length > 0 ? [extension.policyMappings(mapped)] : []),
    ...(Object.keys(constraints).length > 0 ? [extension.policyConstraints(constraints)] : []),
    ...(inhibitAny === undefined ? [] : [extension.inhibitAnyPolicy(inhibitAny)]),
  ];
}
