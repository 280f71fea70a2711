import type { Certificate } from '../certificate/certificate.ts';
import type { NameConstraints } from '../certificate/extension-types.ts';
import type { GeneralName } from '../certificate/general-name.ts';
import { NAME_ATTRIBUTE, nameTexts } from '../certificate/name.ts';
import { fail } from '../errors.ts';
import type { PathLimits } from './limits.ts';
import { comparable, type Subtree, subtreeOf } from './match-name.ts';

interface Rule {
  readonly permitted: readonly Subtree[];
  readonly excluded: readonly Subtree[];
}

/**
 * permitted_subtrees and excluded_subtrees of RFC 5280 §6.1.1: every CA's own are kept, since a name lies
 * in an intersection exactly if it lies in each.
 */
export class NameRules {
  private readonly rules: Rule[] = [];
  private readonly kinds = new Set<GeneralName['kind']>();
  private readonly limits: PathLimits;
  private constraints = 0;
  private comparisons = 0;

  constructor(limits: PathLimits) {
    this.limits = limits;
  }

  /** §6.1.4 (g). @throws AppError path_names_too_many */
  add(constraints: NameConstraints | undefined): void {
    if (!constraints) return;
    const { permitted, excluded } = constraints;
    this.constraints += permitted.length + excluded.length;
    if (this.constraints > this.limits.nameConstraints) throw fail('path_names_too_many');
    for (const { kind } of [...permitted, ...excluded]) this.kinds.add(kind);
    this.rules.push({ permitted: permitted.map(subtreeOf), excluded: excluded.map(subtreeOf) });
  }

  /** §6.1.3 (b), (c). @throws AppError path_name_* */
  check(certificate: Certificate): void {
    if (this.rules.length === 0) return;
    const names = namesOf(certificate).filter(({ kind }) => this.kinds.has(kind));
    this.comparisons += names.length * this.constraints;
    if (this.comparisons > this.limits.nameComparisons) throw fail('path_names_too_many');
    for (const name of names) {
      const compared = comparable(name);
      for (const { permitted, excluded } of this.rules) {
        if (excluded.some((base) => base.touches(compared))) throw fail('path_name_excluded');
        const own = permitted.filter(({ kind }) => kind === name.kind);
        if (own.length > 0 && !own.some((base) => base.contains(compared))) {
          throw fail('path_name_not_permitted');
        }
      }
    }
  }
}

/** Subject, alternative names, and mail addresses in the subject (§4.2.1.10, always, not only without SAN). */
function namesOf({ subjectName, extensions }: Certificate): GeneralName[] {
  const names: GeneralName[] = [...(extensions.san ?? [])];
  if (subjectName.rdns.length > 0) names.push({ kind: 'directoryName', name: subjectName });
  for (const value of nameTexts(subjectName, NAME_ATTRIBUTE.emailAddress)) {
    names.push({ kind: 'email', value });
  }
  return names;
}
