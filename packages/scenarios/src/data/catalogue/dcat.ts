import type { JsonObject } from '../../module/module.ts';
import type { DataSet, Distribution } from '../modules/data-set.ts';

const CONTEXT = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  spdx: 'http://spdx.org/rdf/terms#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  foaf: 'http://xmlns.com/foaf/0.1/',
  adms: 'http://www.w3.org/ns/adms#',
} as const;

const FREQUENCY = 'http://publications.europa.eu/resource/authority/frequency/';
const MEDIA_TYPE = 'https://www.iana.org/assignments/media-types/';

/** An entry of the catalogue as a dcat:Dataset in JSON-LD (DCAT 3 §6.6, §6.8). @param id object of data.set */
export function dcatOf(id: string, set: DataSet): JsonObject {
  return {
    '@context': CONTEXT,
    '@id': `urn:attestel:data.set:${id}`,
    '@type': 'dcat:Dataset',
    'dct:identifier': id,
    'dct:title': set.title,
    'dct:description': set.description,
    'dct:publisher': { '@type': 'foaf:Agent', 'foaf:name': set.publisher },
    'dcat:theme': set.theme.map((theme) => ({ '@value': theme })),
    'dct:accrualPeriodicity': { '@id': `${FREQUENCY}${set.accrualPeriodicity}` },
    'dct:spatial': { '@type': 'dct:Location', 'dct:title': set.spatial },
    'dct:temporal': {
      '@type': 'dct:PeriodOfTime',
      'dcat:startDate': dateTime(set.temporal.from),
      'dcat:endDate': dateTime(set.temporal.until),
    },
    'dct:accessRights': set.right,
    'dcat:distribution': distributionOf(set.distribution),
    'adms:sample': distributionOf(set.sample),
  };
}

const dateTime = (text: string): JsonObject => ({ '@type': 'xsd:dateTime', '@value': text });

const distributionOf = ({ mediaType, byteSize, checksum }: Distribution): JsonObject => ({
  '@type': 'dcat:Distribution',
  'dcat:mediaType': { '@id': `${MEDIA_TYPE}${mediaType}` },
  'dcat:byteSize': { '@type': 'xsd:nonNegativeInteger', '@value': String(byteSize) },
  'spdx:checksum': {
    '@type': 'spdx:Checksum',
    'spdx:algorithm': { '@id': 'spdx:checksumAlgorithm_sha256' },
    'spdx:checksumValue': { '@type': 'xsd:hexBinary', '@value': checksum },
  },
});
