/**
 * Policies against the ODRL Information Model 2.2 (W3C Recommendation of 15 February 2018), written from its clauses and from
 * nothing of this project. Strict: what the clauses below do not name is a fault, so that a misspelt member is none that is ignored.
 * Terms are those of the ODRL Core and Common Vocabulary that JSON-LD context `http://www.w3.org/ns/odrl.jsonld` has.
 */

type Node = { readonly [member: string]: unknown };

const CONTEXTS = ['http://www.w3.org/ns/odrl.jsonld', 'https://www.w3.org/ns/odrl.jsonld'];

/** §2.1: subclasses of Policy, with the roles that each of its rules must have. */
const ROLES: { readonly [type: string]: readonly string[] } = {
  Policy: [],
  Set: [],
  Offer: ['assigner'],
  Agreement: ['assigner', 'assignee'],
};

/** §2.4; actions of the Core and Common Vocabulary (ODRL Vocabulary §3.4, §4.3) that are no duties alone. */
const ACTIONS = [
  ...[
    'use',
    'transfer',
    'aggregate',
    'annotate',
    'anonymize',
    'archive',
    'concurrentUse',
    'derive',
    'digitize',
  ],
  ...[
    'display',
    'distribute',
    'execute',
    'extract',
    'give',
    'grantUse',
    'index',
    'install',
    'modify',
    'move',
  ],
  ...['play', 'present', 'print', 'read', 'reproduce', 'sell', 'stream', 'synchronize', 'textToSpeech'],
  ...['transform', 'translate'],
];

/** Left operands of the Common Vocabulary (§4.4), with what their right operand is. */
const LEFT_OPERANDS: { readonly [operand: string]: 'dateTime' | 'number' | 'any' } = {
  dateTime: 'dateTime',
  count: 'number',
  percentage: 'number',
  absoluteSize: 'number',
  payAmount: 'number',
  ...Object.fromEntries(
    [
      ...['purpose', 'recipient', 'spatial', 'delayPeriod', 'deliveryChannel', 'elapsedTime', 'event'],
      ...['fileFormat', 'industry', 'language', 'media', 'meteredTime', 'product', 'resolution'],
      ...['systemDevice', 'timeInterval', 'unitOfCount', 'version', 'virtualLocation'],
    ].map((name) => [name, 'any' as const]),
  ),
};

/** §2.5.1 and Vocabulary §3.6: relational operators; those of sets take one value or several. */
const ORDERED = ['eq', 'neq', 'gt', 'gteq', 'lt', 'lteq'];
const OF_SETS = ['isAnyOf', 'isAllOf', 'isNoneOf'];
const OTHERS = ['isA', 'hasPart', 'isPartOf'];
/** Those that need an order of their operands. */
const COMPARING = ['gt', 'gteq', 'lt', 'lteq'];

const RULES = ['permission', 'prohibition', 'obligation'] as const;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 3987 §2.2, as far as strictness needs it: a scheme, and none of the signs that no IRI has. */
const isIri = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/.test(value);

const unknownMembers = (node: Node, known: readonly string[], at: string): readonly string[] =>
  Object.keys(node).flatMap((name) => (known.includes(name) ? [] : [`${at}/${name} unknown`]));

/** JSON pointers with the rule that is broken; none where the policy is as it should be. */
export function odrlFaults(document: unknown): readonly string[] {
  if (!isNode(document)) return ['/ policy'];
  const { '@context': context, '@type': type, uid, profile } = document;
  const roles = typeof type === 'string' && Object.hasOwn(ROLES, type) ? ROLES[type] : undefined;
  const rules = RULES.flatMap((property) => rulesOf(document, property));
  return [
    ...unknownMembers(document, ['@context', '@type', 'uid', 'profile', 'conflict', ...RULES], ''),
    // Vocabulary §5: the terms mean what this context says.
    ...(typeof context === 'string' && CONTEXTS.includes(context) ? [] : ['/@context']),
    ...(roles ? [] : ['/@type']),
    // §2.1: one uid, an IRI.
    ...(isIri(uid) ? [] : ['/uid']),
    ...(profile === undefined || isIri(profile) ? [] : ['/profile']),
    // §2.10: one of three strategies.
    ...(['perm', 'prohibit', 'invalid', undefined].includes(document.conflict as string)
      ? []
      : ['/conflict']),
    // §2.1: at least one rule.
    ...(rules.length === 0 ? ['/ rules'] : []),
    ...rules.flatMap(({ at, property, rule }) => ruleFaults(rule, { at, property, roles: roles ?? [] })),
  ];
}

interface Found {
  readonly at: string;
  readonly property: (typeof RULES)[number];
  readonly rule: unknown;
}

function rulesOf(document: Node, property: (typeof RULES)[number]): readonly Found[] {
  const value = document[property];
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [{ at: `/${property}`, property, rule: value }];
  return value.map((rule, i) => ({ at: `/${property}/${i}`, property, rule }));
}

function ruleFaults(
  rule: unknown,
  { at, property, roles }: Omit<Found, 'rule'> & { readonly roles: readonly string[] },
): readonly string[] {
  if (!isNode(rule)) return [`${at} rule`];
  const { target, action, constraint } = rule;
  // §2.6.1, §2.6.2: of permissions and prohibitions one target; of a duty none or one (§2.6.3).
  const needsTarget = property !== 'obligation' || target !== undefined;
  return [
    ...unknownMembers(rule, ['uid', 'target', 'assigner', 'assignee', 'action', 'constraint'], at),
    ...(rule.uid === undefined || isIri(rule.uid) ? [] : [`${at}/uid`]),
    ...(needsTarget && !isAssetOrParty(target) ? [`${at}/target`] : []),
    // §2.6: one action.
    ...(typeof action === 'string' && ACTIONS.includes(action) ? [] : [`${at}/action`]),
    // §2.1.2, §2.1.3: roles in the same rule; §2.3.1: a role is played by a party.
    ...['assigner', 'assignee'].flatMap((role) => {
      const isFit = rule[role] === undefined ? !roles.includes(role) : isAssetOrParty(rule[role]);
      return isFit ? [] : [`${at}/${role}`];
    }),
    ...constraintsFaults(constraint, `${at}/constraint`),
  ];
}

/** §2.2, §2.3: named by an IRI, or a node with one as uid. */
const isAssetOrParty = (value: unknown): boolean => isIri(value) || (isNode(value) && isIri(value.uid));

function constraintsFaults(constraint: unknown, at: string): readonly string[] {
  if (constraint === undefined) return [];
  const all = Array.isArray(constraint) ? constraint : [constraint];
  return all.flatMap((one, i) => constraintFaults(one, `${at}/${i}`));
}

/** §2.5.1 */
function constraintFaults(constraint: unknown, at: string): readonly string[] {
  if (!isNode(constraint)) return [`${at} constraint`];
  const { leftOperand, operator, rightOperand, rightOperandReference: reference } = constraint;
  const members = [
    'uid',
    'leftOperand',
    'operator',
    'rightOperand',
    'rightOperandReference',
    'dataType',
    'unit',
    'status',
  ];
  const kind =
    typeof leftOperand === 'string' && Object.hasOwn(LEFT_OPERANDS, leftOperand)
      ? LEFT_OPERANDS[leftOperand]
      : undefined;
  const isOperator = [...ORDERED, ...OF_SETS, ...OTHERS].some((one) => one === operator);
  const isCompared = kind !== 'any' || !COMPARING.some((one) => one === operator);
  // Either the value or a reference to it, and not both.
  const hasOne = (rightOperand === undefined) !== (reference === undefined);
  const valueAt = `${at}/rightOperand`;
  return [
    ...unknownMembers(constraint, members, at),
    ...(kind ? [] : [`${at}/leftOperand`]),
    ...(isOperator && isCompared ? [] : [`${at}/operator`]),
    ...(hasOne ? [] : [valueAt]),
    ...(reference === undefined || isIri(reference) ? [] : [`${at}/rightOperandReference`]),
    ...(rightOperand === undefined || !hasOne
      ? []
      : rightFaults(rightOperand, {
          at: valueAt,
          kind: kind ?? 'any',
          isSet: OF_SETS.some((one) => one === operator),
        })),
  ];
}

interface RightOperand {
  readonly at: string;
  readonly kind: 'dateTime' | 'number' | 'any';
  readonly isSet: boolean;
}

function rightFaults(value: unknown, { at, kind, isSet }: RightOperand): readonly string[] {
  if (!Array.isArray(value)) return isValueOf(value, kind) ? [] : [at];
  // Several values are for operators of sets.
  if (!isSet || value.length === 0) return [at];
  return value.flatMap((one, i) => (isValueOf(one, kind) ? [] : [`${at}/${i}`]));
}

const XSD_DATE_TIME = /^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const XSD_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;

function isValueOf(value: unknown, kind: RightOperand['kind']): boolean {
  if (kind === 'dateTime')
    return isTyped(
      value,
      ['xsd:dateTime'],
      (text) => XSD_DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)),
    );
  if (kind === 'number')
    return isTyped(value, ['xsd:integer', 'xsd:decimal'], (text) => XSD_NUMBER.test(text));
  if (isNode(value)) return Object.keys(value).join() === '@id' && isIri(value['@id']);
  return typeof value === 'string' && value !== '';
}

/** JSON-LD 1.1 §9.5: a typed value has these two entries. */
function isTyped(value: unknown, types: readonly string[], isLexical: (text: string) => boolean): boolean {
  if (!isNode(value) || Object.keys(value).sort().join() !== '@type,@value') return false;
  const { '@type': type, '@value': text } = value;
  return types.some((one) => one === type) && typeof text === 'string' && isLexical(text);
}
