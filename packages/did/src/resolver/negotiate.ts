/** What an answer holds: the whole result in one of two views, or the document alone. */
export type Representation =
  | { readonly form: 'result' | 'result-1.0'; readonly mediaType: string }
  | { readonly form: 'document'; readonly mediaType: string };

export const RESULT_MEDIA_TYPE = 'application/did-resolution';

/** Media type of the DID Core 1.0 era: kept because deployed clients send it. */
const RESULT_1_0_MEDIA_TYPE = 'application/ld+json;profile="https://w3id.org/did-resolution"';

const DOCUMENT: Representation = { form: 'document', mediaType: 'application/did' };

const REPRESENTATIONS: ReadonlyMap<string, Representation> = new Map<string, Representation>([
  [RESULT_MEDIA_TYPE, { form: 'result', mediaType: RESULT_MEDIA_TYPE }],
  [RESULT_1_0_MEDIA_TYPE, { form: 'result-1.0', mediaType: RESULT_1_0_MEDIA_TYPE }],
  ['*/*', DOCUMENT],
  ['application/*', DOCUMENT],
  // application/json+ld is what the Universal Resolver sends to its drivers.
  ...[
    'application/did',
    'application/did+json',
    'application/did+ld+json',
    'application/ld+json',
    'application/json',
    'application/json+ld',
  ].map((mediaType): [string, Representation] => [
    mediaType,
    { form: 'document', mediaType: mediaType === 'application/json+ld' ? 'application/ld+json' : mediaType },
  ]),
]);

/** RFC 9110 §12.5.1, as far as this resource needs it. Undefined: nothing acceptable. */
export function negotiate(accept: string | undefined): Representation | undefined {
  if (accept === undefined || accept.trim() === '') return DOCUMENT;
  return accept
    .slice(0, 1000)
    .split(',')
    .map(parseRange)
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ range }) => REPRESENTATIONS.get(range))
    .find((representation) => representation !== undefined);
}

function parseRange(item: string): { range: string; weight: number } {
  const [type = '', ...parameters] = item.split(';').map((part) => part.trim());
  const weight = parameters.map((p) => /^q=([01](?:\.\d{0,3})?)$/i.exec(p)?.[1]).find(Boolean);
  const profile = parameters.map((p) => /^profile="?([^"]*)"?$/i.exec(p)?.[1]).find(Boolean);
  const range = type.toLowerCase() + (profile === undefined ? '' : `;profile="${profile}"`);
  return { range, weight: weight === undefined ? 1 : Number(weight) };
}
