import type { JsonObject } from '../../src/module/module.ts';

const DCAT = 'http://www.w3.org/ns/dcat#';
const DCT = 'http://purl.org/dc/terms/';
const FOAF = 'http://xmlns.com/foaf/0.1/';
const SPDX = 'http://spdx.org/rdf/terms#';
const XSD = 'http://www.w3.org/2001/XMLSchema#';

interface Rule {
  readonly property: string;
  readonly least: number;
  readonly most?: number;
  /** What its values are: texts, values of a datatype, or nodes; of a class where they say what they are. */
  readonly of: { readonly literal: string | null } | { readonly node: string | null };
}

const text = { literal: null };
const rule = (property: string, least: number, of: Rule['of'], most?: number): Rule => ({
  ...{ property, least, of },
  ...(most === undefined ? {} : { most }),
});

/** Properties of DCAT-AP 3.0.1 by class, with cardinality and range; those of DCAT 3 that the profile takes over. */
const RULES: { readonly [type: string]: readonly Rule[] } = {
  [`${DCAT}Catalog`]: [
    rule(`${DCT}title`, 1, text),
    rule(`${DCT}description`, 1, text),
    rule(`${DCT}publisher`, 1, { node: `${FOAF}Agent` }, 1),
    rule(`${DCAT}dataset`, 0, { node: `${DCAT}Dataset` }),
  ],
  [`${DCAT}Dataset`]: [
    rule(`${DCT}title`, 1, text),
    rule(`${DCT}description`, 1, text),
    rule(`${DCT}identifier`, 0, text),
    rule(`${DCT}issued`, 0, { literal: `${XSD}dateTime` }, 1),
    rule(`${DCT}publisher`, 0, { node: `${FOAF}Agent` }, 1),
    rule(`${DCAT}keyword`, 0, text),
    rule(`${DCT}type`, 0, { node: 'http://www.w3.org/2004/02/skos/core#Concept' }),
    rule(`${DCT}accrualPeriodicity`, 0, { node: null }, 1),
    rule(`${DCT}spatial`, 0, { node: `${DCT}Location` }),
    rule(`${DCT}temporal`, 0, { node: `${DCT}PeriodOfTime` }),
    rule(`${DCT}accessRights`, 0, { node: `${DCT}RightsStatement` }, 1),
    rule(`${DCAT}distribution`, 0, { node: `${DCAT}Distribution` }),
    rule('http://www.w3.org/ns/adms#sample', 0, { node: `${DCAT}Distribution` }),
  ],
  [`${DCAT}Distribution`]: [
    rule(`${DCAT}accessURL`, 1, { node: null }),
    rule(`${DCAT}mediaType`, 0, { node: null }, 1),
    rule(`${DCAT}byteSize`, 0, { literal: `${XSD}nonNegativeInteger` }, 1),
    rule(`${SPDX}checksum`, 0, { node: `${SPDX}Checksum` }, 1),
  ],
  [`${SPDX}Checksum`]: [
    rule(`${SPDX}algorithm`, 1, { node: null }, 1),
    rule(`${SPDX}checksumValue`, 1, { literal: `${XSD}hexBinary` }, 1),
  ],
  [`${FOAF}Agent`]: [rule(`${FOAF}name`, 1, text)],
  [`${DCT}PeriodOfTime`]: [
    rule(`${DCAT}startDate`, 0, { literal: `${XSD}dateTime` }, 1),
    rule(`${DCAT}endDate`, 0, { literal: `${XSD}dateTime` }, 1),
  ],
  [`${DCT}Location`]: [rule('http://www.w3.org/2004/02/skos/core#prefLabel', 0, text)],
  [`${DCT}RightsStatement`]: [rule('http://www.w3.org/2000/01/rdf-schema#label', 0, text)],
  'http://www.w3.org/2004/02/skos/core#Concept': [
    rule('http://www.w3.org/2004/02/skos/core#prefLabel', 1, text),
  ],
};

type Node = { readonly [member: string]: unknown };
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** Full IRIs in the place of `prefix:name` (JSON-LD 1.1 §4.1.5). @throws Error for a prefix that the context does not have */
function expander(context: Node): (term: string) => string {
  return (term) => {
    const [, prefix = '', name = ''] = /^([a-z]+):(?!\/\/)(.*)$/.exec(term) ?? [];
    if (prefix === '' || prefix === 'did' || prefix === 'urn') return term;
    const base = context[prefix];
    if (typeof base !== 'string') throw new Error(`no prefix ${prefix}`);
    return base + name;
  };
}

/** What of a JSON-LD document breaks the profile: paths with the rule; none where it is as it should be. */
export function dcatFaults(document: JsonObject): readonly string[] {
  const { '@context': context, ...root } = document as Node;
  if (!isNode(context)) return ['@context'];
  return faultsOf(root, expander(context), '');
}

function faultsOf(node: Node, expand: (term: string) => string, path: string): readonly string[] {
  const type = typeof node['@type'] === 'string' ? expand(node['@type']) : '';
  const rules = RULES[type];
  if (!rules) return [`${path}/@type ${type}`];
  const id = node['@id'];
  const faults = id !== undefined && !isIri(id) ? [`${path}/@id`] : [];
  const members = Object.entries(node).filter(([name]) => !name.startsWith('@'));
  const given = new Map(members.map(([name, value]) => [expand(name), listOf(value)]));
  for (const { property, least, most = Number.POSITIVE_INFINITY } of rules) {
    const count = given.get(property)?.length ?? 0;
    if (count < least || count > most) faults.push(`${path}/${property} ${count} times`);
  }
  for (const [property, values] of given) {
    const found = rules.find((one) => one.property === property);
    if (!found) faults.push(`${path}/${property} unknown`);
    else faults.push(...values.flatMap((value) => valueFaults(value, found, expand, `${path}/${property}`)));
  }
  return faults;
}

type Expand = (term: string) => string;

const valueFaults = (value: unknown, { of }: Rule, expand: Expand, path: string): readonly string[] =>
  'literal' in of
    ? literalFaults(value, of.literal, expand).map((fault) => `${path} ${fault}`)
    : nodeFaults(value, of.node, expand, path);

function literalFaults(value: unknown, datatype: string | null, expand: Expand): readonly string[] {
  if (datatype === null) return typeof value === 'string' ? [] : ['no text'];
  if (!isNode(value)) return ['no literal'];
  const { '@type': type, '@value': lexical } = value;
  if (typeof type !== 'string' || typeof lexical !== 'string') return ['no literal'];
  return expand(type) === datatype && isOf(datatype, lexical) ? [] : ['datatype'];
}

function nodeFaults(value: unknown, type: string | null, expand: Expand, path: string): readonly string[] {
  if (!isNode(value) || '@value' in value) return [`${path} no node`];
  const { '@type': said, '@id': id } = value;
  if (type === null) return typeof id === 'string' && isIri(expand(id)) ? [] : [`${path} no IRI`];
  return typeof said === 'string' && expand(said) === type
    ? faultsOf(value, expand, path)
    : [`${path} class`];
}

const isIri = (value: unknown): boolean =>
  typeof value === 'string' && /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(value);

const LEXICAL: { readonly [datatype: string]: RegExp } = {
  [`${XSD}dateTime`]: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/,
  [`${XSD}nonNegativeInteger`]: /^\d+$/,
  [`${XSD}hexBinary`]: /^(?:[0-9A-Fa-f]{2})+$/,
};
const isOf = (datatype: string, value: string): boolean => LEXICAL[datatype]?.test(value) === true;
