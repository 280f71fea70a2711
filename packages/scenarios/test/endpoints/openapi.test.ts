import { describe, expect, test } from 'vitest';
import { describeContracts } from '../../src/endpoints/openapi.ts';
import { credentialModule } from '../../src/host/credentials/credential-module.ts';
import { digestOfModule } from '../../src/module/declaration.ts';
import type { JsonObject, JsonSchema, Module } from '../../src/module/module.ts';
import { validatorOf } from '../../src/module/schemas.ts';
import { sampleOf } from '../harness/sample-of-schema.ts';
import { toyModule } from '../host/toy-module.ts';

const modules: readonly Module[] = [toyModule(), credentialModule([]) as unknown as Module];
const document = describeContracts(modules, 'https://node.example');
const paths = document.paths as unknown as {
  readonly [path: string]: { readonly [method: string]: Operation };
};

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly parameters: readonly (JsonObject & { readonly $ref?: string })[];
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: JsonSchema } };
  };
  readonly responses: { readonly [status: string]: JsonObject };
}

const operations = Object.entries(paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
);

const resolve = (pointer: string): unknown =>
  pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);

function refsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) =>
    name === '$ref' && typeof below === 'string' ? [below] : refsIn(below),
  );
}

describe('the OpenAPI document of modules', () => {
  test('is of version 3.1, with one server and the party token', () => {
    expect(document).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: 'https://node.example' }],
      security: [{ party: [] }],
    });
    expect(resolve('#/components/securitySchemes/party')).toMatchObject({ type: 'http', scheme: 'bearer' });
  });

  test('every reference leads somewhere', () => {
    const refs = new Set(refsIn(document));
    expect(refs.size).toBeGreaterThan(8);
    for (const ref of refs) expect(resolve(ref), ref).toBeDefined();
  });

  test('every operation has its own name, an answer, and parameters for all that its path names', () => {
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
    for (const { path, operation } of operations) {
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith('2')),
        path,
      ).toBe(true);
      const parameters = operation.parameters.map(
        ({ $ref, ...own }) => ($ref === undefined ? own : resolve($ref)) as JsonObject,
      );
      const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      expect(inPath.sort(), path).toEqual(Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name).sort());
    }
  });

  test('every call of a module takes the credentials that a caller brings along', () => {
    const header = resolve('#/components/parameters/presented') as JsonObject;
    expect(header).toMatchObject({ name: 'attestel-credential', in: 'header', required: false });
    const { items } = header.schema as { readonly items: JsonSchema };
    validatorOf(items)('eyJh.eyJi.c2ln');
    expect(() => validatorOf(items)('no credential')).toThrow();
    const called = operations.filter(({ path }) => path.includes('{businessID}'));
    expect(called.length).toBeGreaterThan(8);
    for (const { path, operation } of called)
      expect(operation.parameters, path).toContainEqual({ $ref: '#/components/parameters/presented' });
  });

  test('holds the verification of all that a node keeps', () => {
    const { get } = paths['/v1/contracts/verification'] ?? {};
    expect(get?.responses['200']).toMatchObject({
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Verification' } } },
    });
    const schema = resolve('#/components/schemas/Verification') as JsonSchema;
    const fault = { line: 'ab'.repeat(32), index: -1, what: 'no_line' };
    validatorOf(schema)({ payloads: 1, erased: 0, objects: 1, faults: [fault] });
  });

  test.each(modules)(
    'holds every command and query of $name, by the schemas that the host checks by',
    (module) => {
      const base = `/v1/contracts/${module.name}@${module.version}/{businessID}`;
      for (const [name, { schema }] of Object.entries(module.commands)) {
        const body = paths[`${base}/${name}`]?.post?.requestBody?.content['application/json'].schema;
        expect(body).toEqual(schema);
        // What documentation shows is accepted.
        validatorOf(body as JsonSchema)(sampleOf(schema));
      }
      for (const name of Object.keys(module.queries))
        expect(paths[`${base}/queries/${name}`]?.get).toBeDefined();
      expect(document.tags).toContainEqual(
        expect.objectContaining({ 'x-chaincodeID': digestOfModule(module) }),
      );
    },
  );

  test('a command that begins an object answers 201, one that moves it 200', () => {
    const statuses = (name: string) =>
      Object.keys(paths[`/v1/contracts/test.toy@1/{businessID}/${name}`]?.post?.responses ?? {}).filter(
        (status) => status < '300',
      );
    expect([statuses('register'), statuses('note')]).toEqual([['201'], ['200']]);
  });
});
