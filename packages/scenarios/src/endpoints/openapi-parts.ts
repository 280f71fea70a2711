import type { JsonObject, JsonSchema, Text } from '../module/module.ts';
import { OBJECT_ID, SECONDS, SHA256, shape } from '../module/shapes.ts';
import { COMPACT_JWT, CREDENTIALS_HEADER, MAX_PRESENTED } from './contract-request.ts';
import { COMMON_PARAMETERS, PART_PARAMETERS, propertiesOf } from './query-args.ts';

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
const parameterRef = (name: string): JsonObject => ({ $ref: `#/components/parameters/${name}` });

export const jsonContent = (schema: JsonSchema): JsonObject => ({ 'application/json': { schema } });

/** Both languages; tools that know one show English. */
export const described = ({ en, 'zh-CN': zh }: Text): JsonObject => ({
  summary: en,
  'x-summary': { en, 'zh-CN': zh },
});

export const REFUSALS: JsonObject = Object.fromEntries(
  ['400', '401', '403', '404', '409', '410', '503'].map((status) => [
    status,
    { $ref: `#/components/responses/Problem` },
  ]),
);

export const ok = (description: string, schema: JsonSchema): JsonObject => ({
  description,
  content: jsonContent(schema),
});

export const schemaRef = ref;

export const COMMON = {
  businessID: parameterRef('businessID'),
  id: parameterRef('id'),
  line: parameterRef('line'),
  number: parameterRef('number'),
  as: parameterRef('as'),
  at: parameterRef('at'),
  object: parameterRef('object'),
  head: parameterRef('head'),
  limit: parameterRef('limit'),
  after: parameterRef('after'),
  presented: parameterRef('presented'),
};

/** Parameters of a query, from its schema. */
export function queryParameterObjects(schema: JsonSchema, paged = false): readonly JsonObject[] {
  const properties = propertiesOf(schema);
  const required = (schema.required ?? []) as readonly string[];
  const own = Object.entries(properties).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(property.type === 'object' ? { content: jsonContent(property) } : { schema: property }),
  }));
  const shared = [...COMMON_PARAMETERS, ...(paged ? PART_PARAMETERS : [])];
  const common = shared.filter((name) => !Object.hasOwn(properties, name));
  return [...own, ...common.map((name) => COMMON[name])];
}

const inQuery = (name: string, description: string, schema: JsonSchema): JsonObject => ({
  ...{ name, in: 'query', required: false, description, schema },
});
const inPath = (name: string, description: string, schema: JsonSchema): JsonObject => ({
  ...{ name, in: 'path', required: true, description, schema },
});
const TEXT: JsonSchema = { type: 'string' };
const DATE_TIME: JsonSchema = { type: 'string', format: 'date-time' };
const COMPACT: JsonSchema = { type: 'string', pattern: COMPACT_JWT.source };
const LIST: JsonSchema = { type: 'array', items: { type: 'object' } };

export const COMPONENTS: JsonObject = {
  securitySchemes: {
    party: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'Party token: a JWT by the DID',
    },
  },
  parameters: {
    businessID: inPath('businessID', 'Channel; a slash in it as %2F', { type: 'string', maxLength: 64 }),
    id: inPath('id', 'Object', OBJECT_ID),
    line: inPath('line', 'Line', SHA256),
    number: inPath('number', 'Item, from 0', SECONDS),
    object: inQuery('id', 'Object that the command moves; absent where it begins one', OBJECT_ID),
    head: inQuery('head', 'Line that the caller takes for the last of the object', SHA256),
    at: inQuery('at', 'As it was at that time', DATE_TIME),
    limit: inQuery('limit', 'Objects that this part of the list is made from, at most', {
      ...{ type: 'integer', minimum: 1, maximum: 1000, default: 1000 },
    }),
    after: inQuery('after', '`next` of the part before', OBJECT_ID),
    as: inQuery('as', 'DID of the organisation that the caller acts for', TEXT),
    presented: {
      ...{ name: CREDENTIALS_HEADER, in: 'header', required: false },
      description: `Credentials that the caller brings along for this call: at most ${MAX_PRESENTED} compact JWTs`,
      ...{ style: 'simple', schema: { type: 'array', maxItems: MAX_PRESENTED, items: COMPACT } },
    },
  },
  schemas: {
    Done: {
      ...shape({ id: OBJECT_ID, line: SHA256, head: SHA256, index: SECONDS, time: SECONDS, events: LIST }),
    },
    Object: shape(
      {
        id: OBJECT_ID,
        state: {},
        head: SHA256,
        lines: SECONDS,
        checked: { type: 'boolean' },
        behind: { type: 'boolean' },
        disputedBy: { type: ['string', 'null'] },
      },
      [],
    ),
    History: shape({ lines: LIST }),
    Result: shape({ result: {}, next: OBJECT_ID }, ['next']),
    Item: shape({
      item: {},
      salt: SHA256,
      index: SECONDS,
      size: SECONDS,
      path: { type: 'array', items: SHA256 },
    }),
    Verification: shape({
      ...{ payloads: SECONDS, erased: SECONDS, objects: SECONDS },
      faults: {
        type: 'array',
        items: shape({ line: TEXT, index: { type: 'integer', minimum: -1 }, what: TEXT }),
      },
    }),
    Payload: shape({ line: SHA256, verdict: TEXT, payload: { type: 'object' }, salt: SHA256 }),
    Problem: {
      type: 'object',
      required: ['type', 'title', 'status', 'code'],
      properties: {
        type: TEXT,
        title: TEXT,
        status: { type: 'integer' },
        code: TEXT,
        field: { type: 'string', format: 'json-pointer' },
        head: SHA256,
      },
    },
  },
  responses: {
    Problem: {
      description: 'Refused: RFC 9457 with `code`, and `field` as JSON pointer',
      content: { 'application/problem+json': { schema: ref('Problem') } },
    },
  },
};
