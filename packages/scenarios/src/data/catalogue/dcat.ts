import type { JsonObject } from '../../module/module.ts';
import type { DataSet, Distribution } from '../modules/data-set.ts';

const CONTEXT = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  spdx: 'http://spdx.org/rdf/terms#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  foaf: 'http://xmlns.com/foaf/0.1/',
  adms: 'http://www.w3.org/ns/adms#',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  skos: 'http://www.w3.org/2004/02/skos/core#',
} as const;

const FREQUENCY = 'http://publications.europa.eu/resource/authority/frequency/';
const MEDIA_TYPE = 'https://www.iana.org/assignments/media-types/';

/** A set of the catalogue, and the object that it is. */
export interface Listed {
  readonly id: string;
  /** DID of the organisation that published it. */
  readonly publisher: string;
  readonly set: DataSet;
  /** Since when this version counts, RFC 3339. */
  readonly issued: string;
}

/** The catalogue of a channel as a dcat:Catalog in JSON-LD (DCAT 3 §6.3). @param url of the catalogue itself */
export const dcatCatalogOf = (url: string, channel: string, sets: readonly Listed[]): JsonObject => ({
  '@context': CONTEXT,
  '@id': url,
  '@type': 'dcat:Catalog',
  'dct:title': `Data of ${channel}`,
  'dct:description': `Data that members of the channel ${channel} offer`,
  'dct:publisher': { '@type': 'foaf:Agent', 'foaf:name': `Members of ${channel}` },
  'dcat:dataset': sets.map((one) => datasetOf(url, one)),
});

function datasetOf(url: string, { id, publisher, set, issued }: Listed): JsonObject {
  const address = `${url}/${id}`;
  return {
    '@id': address,
    '@type': 'dcat:Dataset',
    'dct:identifier': id,
    'dct:title': set.title,
    'dct:description': set.description,
    'dct:issued': dateTime(issued),
    'dct:publisher': { '@id': publisher, '@type': 'foaf:Agent', 'foaf:name': set.publisher },
    'dcat:keyword': [...set.theme],
    'dct:type': { '@type': 'skos:Concept', 'skos:prefLabel': set.category },
    'dct:accrualPeriodicity': { '@id': `${FREQUENCY}${set.accrualPeriodicity}` },
    'dct:spatial': { '@type': 'dct:Location', 'skos:prefLabel': set.spatial },
    'dct:temporal': {
      '@type': 'dct:PeriodOfTime',
      'dcat:startDate': dateTime(set.temporal.from),
      'dcat:endDate': dateTime(set.temporal.until),
    },
    'dct:accessRights': { '@type': 'dct:RightsStatement', 'rdfs:label': set.right },
    'dcat:distribution': distributionOf(address, set.distribution),
    'adms:sample': distributionOf(address, set.sample),
  };
}

const dateTime = (text: string): JsonObject => ({ '@type': 'xsd:dateTime', '@value': text });

/** There is no download: who is to have the data makes a deal over the set, whose address this is (dcat:accessURL, §6.8.2). */
const distributionOf = (address: string, { mediaType, byteSize, checksum }: Distribution): JsonObject => ({
  '@type': 'dcat:Distribution',
  'dcat:accessURL': { '@id': address },
  'dcat:mediaType': { '@id': `${MEDIA_TYPE}${mediaType}` },
  'dcat:byteSize': { '@type': 'xsd:nonNegativeInteger', '@value': String(byteSize) },
  'spdx:checksum': {
    '@type': 'spdx:Checksum',
    'spdx:algorithm': { '@id': 'spdx:checksumAlgorithm_sha256' },
    'spdx:checksumValue': { '@type': 'xsd:hexBinary', '@value': checksum },
  },
});
