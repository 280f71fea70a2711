import type { JsonValue } from '@attestel/core';
import { digestOfModule } from '../module/declaration.ts';
import type { Command, JsonObject, Module } from '../module/module.ts';
import {
  COMMON,
  COMPONENTS,
  described,
  jsonContent,
  ok,
  queryParameterObjects,
  REFUSALS,
  schemaRef,
} from './openapi-parts.ts';

/**
 * OpenAPI 3.1 of all that modules take and tell, from the schemas that the host checks by. Its schemas are those of JSON
 * Schema 2020-12, as OpenAPI 3.1 §4.8.24 says.
 */
export function describeContracts(modules: readonly Module[], baseUrl: string): JsonObject {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Attestel contracts',
      version: '1',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: baseUrl }],
    security: [{ party: [] }],
    tags: [
      ...modules.map((module) => ({
        name: nameOf(module),
        description: module.summary.en,
        'x-description': { ...module.summary },
        'x-chaincodeID': digestOfModule(module),
      })),
      { name: NODE_TAG, description: 'What the node keeps, whatever the module' },
    ],
    paths: Object.fromEntries([VERIFICATION, ...modules.flatMap(pathsOf)]),
    components: COMPONENTS,
  };
}

const nameOf = ({ name, version }: Module): string => `${name}@${version}`;

type PathItem = readonly [path: string, item: JsonObject];

const NODE_TAG = 'node';

const VERIFICATION: PathItem = [
  '/v1/contracts/verification',
  {
    get: {
      tags: [NODE_TAG],
      operationId: 'verification',
      summary:
        'Compares all payloads and states that this node keeps with the ledger; the party itself alone',
      parameters: [],
      responses: {
        200: ok('What does not fit, in the order of the log', schemaRef('Verification')),
        ...REFUSALS,
      },
    },
  },
];

const baseOf = (module: Module): string => `/v1/contracts/${nameOf(module)}/{businessID}`;

/** Every call of a module takes credentials that the caller brings along. */
const operation = (
  module: Module,
  id: string,
  {
    parameters,
    ...rest
  }: { readonly parameters: readonly JsonObject[]; readonly [member: string]: JsonValue },
): JsonObject => ({
  tags: [nameOf(module)],
  operationId: `${nameOf(module)}/${id}`,
  parameters: [...parameters, COMMON.presented],
  ...rest,
});

const pathsOf = (module: Module): readonly PathItem[] => [
  ...Object.entries(module.commands)
    .filter(([, { byHost }]) => !byHost)
    .map(
      ([name, command]): PathItem => [
        `${baseOf(module)}/${name}`,
        { post: operation(module, `commands/${name}`, commandOperation(command)) },
      ],
    ),
  ...Object.entries(module.queries).map(
    ([name, query]): PathItem => [
      `${baseOf(module)}/queries/${name}`,
      { get: operation(module, `queries/${name}`, queryOperation(query)) },
    ],
  ),
  ...readPaths(module),
];

function readPaths(module: Module): readonly PathItem[] {
  const base = baseOf(module);
  const { businessID, id, line, number, as, at } = COMMON;
  const read = (name: string, summary: string, answer: string, parameters: readonly JsonObject[]) => ({
    get: operation(module, name, {
      summary,
      parameters,
      responses: { 200: ok(summary, schemaRef(answer)), ...REFUSALS },
    }),
  });
  const item = read('item', 'One item of a batch, with its path to the line', 'Item', [
    businessID,
    line,
    number,
    as,
  ]);
  const erase = operation(module, 'erase', {
    summary: 'Erases a payload at this node',
    parameters: [businessID, line],
    responses: { 200: ok('Erased; who else was given it', { type: 'object' }), ...REFUSALS },
  });
  return [
    [`${base}/{id}`, read('get', 'An object', 'Object', [businessID, id, at, as])],
    [`${base}/{id}/history`, read('history', 'Lines of an object', 'History', [businessID, id, as])],
    [`${base}/lines/{line}`, read('payload', 'Payload of a line', 'Payload', [businessID, line, as])],
    [`${base}/lines/{line}/items/{number}`, item],
    [`${base}/payloads/{line}`, { delete: erase }],
  ];
}

const queryOperation = ({ summary, schema, paged }: Module['queries'][string]) => ({
  ...described(summary),
  parameters: [COMMON.businessID, ...queryParameterObjects(schema, paged)],
  responses: { 200: ok(summary.en, schemaRef('Result')), ...REFUSALS },
});

function commandOperation({ summary, schema, on }: Command<never, never>) {
  const { businessID, object, head } = COMMON;
  const done = (description: string): JsonObject => ok(description, schemaRef('Done'));
  return {
    ...described(summary),
    parameters: on === 'new' ? [businessID, object] : [businessID, object, head],
    requestBody: { required: true, content: jsonContent(schema) },
    responses: {
      ...(on === 'existing' ? {} : { 201: done('Began an object') }),
      ...(on === 'new' ? {} : { 200: done('Moved the object') }),
      ...REFUSALS,
    },
  };
}
