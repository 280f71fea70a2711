import { readFileSync } from 'node:fs';
import { encodeCbor } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { decodePayload } from '../../src/operations/payload.ts';

const specification = readFileSync(new URL('../../../../specs/ledger.md', import.meta.url), 'utf8');

/** The form that the table of §1 states for a field. */
function statedFor(field: string): string {
  const row = new RegExp(`^\\| \`${field}\` \\| text \`([^\`]+)\``, 'm').exec(specification);
  return row?.[1] ?? 'not stated';
}

const valid = {
  v: 1,
  network: 'n',
  ns: 'main',
  module: 'm',
  kind: 'k',
  actor: 'a',
  sequence: 0,
  notAfter: 1,
};

describe('specs/ledger.md §1', () => {
  it.each(['network', 'ns', 'module', 'kind', 'actor'])('states the form of %s that is checked', (field) => {
    const malformed = encodeCbor({ ...valid, body: {}, [field]: '' });
    expect(() => decodePayload(malformed)).toThrow(`must be text of the form ^${statedFor(field)}$`);
  });
});
