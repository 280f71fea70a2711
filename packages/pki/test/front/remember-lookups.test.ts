import { expect, test } from 'vitest';
import { rememberLookups } from '../../src/front/remember-lookups.ts';
import type { CertificateStatus } from '../../src/front/status-source.ts';

const name = Uint8Array.of(0x30, 0);
const [one, two] = [Uint8Array.of(1), Uint8Array.of(2)];

function world() {
  const state = { height: 7, status: undefined as CertificateStatus | undefined, asked: 0 };
  const byName = rememberLookups(
    () => {
      state.asked += 1;
      return state.status;
    },
    () => state.height,
  );
  return { state, byName };
}

test('a certificate is looked up once a block, one that is not there as well', () => {
  const { state, byName } = world();
  for (let i = 0; i < 3; i++) expect(byName(name, one)).toBeUndefined();
  expect(state.asked).toBe(1);
  byName(name, two);
  expect(state.asked).toBe(2);
});

test('with the next block everything is looked up again', () => {
  const { state, byName } = world();
  state.status = { state: 'published', since: 1 };
  expect(byName(name, one)).toEqual(state.status);
  state.height = 8;
  state.status = { state: 'revoked', since: 2, reason: 1 };
  expect(byName(name, one)).toEqual(state.status);
  expect(state.asked).toBe(2);
});

test('serials that a stranger makes up do not fill the memory', () => {
  const { state, byName } = world();
  const serials = Array.from({ length: 65_537 }, (_, i) => Uint8Array.of(1, i >> 16, i >> 8, i));
  for (const serial of serials) byName(name, serial);
  const asked = state.asked;
  byName(name, serials[0] as Uint8Array);
  expect(state.asked).toBe(asked + 1);
});
