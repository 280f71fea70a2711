import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OCSP_LIMITS } from '../../../src/front/ocsp/request.ts';
import { MAX_HEAD_BYTES, RequestReader } from '../../../src/front/ocsp-listener/request-reader.ts';
import { post, readAll } from './fixtures/requests.ts';

const get = (path: string): Buffer => Buffer.from(`GET /ocsp/${path} HTTP/1.1\r\nHost: node\r\n\r\n`);

const sound = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((body) => post(body)),
  fc.uint8Array({ maxLength: 40 }).map((body) => post(body, 'Expect: 100-continue\r\n')),
  fc.base64String({ maxLength: 200 }).map((text) => get(encodeURIComponent(text))),
  fc.constant(Buffer.from('\r\n')),
);
/** Pieces of requests in any order: what is refused, and why, depends on each of them. */
const fragments = fc
  .array(
    fc.constantFrom(
      ...[
        'POST /ocsp HTTP/1.1\r\n',
        'GET /ocsp/AA HTTP/1.1\r\n',
        'HEAD /ocsp HTTP/1.0\r\n',
        'Host: a\r\n',
        'X: y\r\n',
      ],
      ...[
        'Content-Length: 3\r\n',
        'Content-Length: 16385\r\n',
        'Transfer-Encoding: chunked\r\n',
        'Expect: 100-continue\r\n',
      ],
      ...[
        'Content-Type: application/ocsp-request\r\n',
        'Connection: close\r\n',
        '\r\n',
        '\n',
        '\r',
        ' ',
        'abc',
        '\0',
      ],
      'Y: '.concat('z'.repeat(4000), '\r\n'),
    ),
    { maxLength: 14 },
  )
  .map((parts) => Buffer.from(parts.join('')));
const mutated = fc
  .tuple(sound, fc.nat(), fc.nat(255))
  .map(([bytes, at, value]) => Buffer.from(bytes.with(at % bytes.length, value)));
const streams = fc
  .array(fc.oneof(sound, sound, mutated, fragments), { minLength: 1, maxLength: 5 })
  .map((parts) => Buffer.concat(parts));

const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const sorted = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [...sorted, bytes.length].map((end, i) => bytes.subarray(sorted[i - 1] ?? 0, end));
};

test('the same requests and the same refusal come out whatever pieces the bytes come in', () => {
  fc.assert(
    fc.property(streams, fc.array(fc.nat(), { maxLength: 30 }), (bytes, places) => {
      expect(readAll(cut(bytes, places))).toEqual(readAll([bytes]));
    }),
    { numRuns: 2000 },
  );
});

test('the same comes out of single octets', () => {
  fc.assert(
    fc.property(streams, (bytes) => {
      expect(readAll([...bytes].map((octet) => Buffer.of(octet)))).toEqual(readAll([bytes]));
    }),
    { numRuns: 300 },
  );
});

test('what a connection said before changes nothing in what it says next, be it the same again or nearly', () => {
  const isRequest = (bytes: Buffer): boolean => bytes.length > 2;
  const again = sound.filter(isRequest).chain((first) =>
    fc.tuple(
      fc.constant(first),
      fc.oneof(
        fc.constant(first),
        fc
          .tuple(fc.nat(), fc.nat(255))
          .map(([at, value]) => Buffer.from(first.with(at % first.length, value))),
        fc.nat().map((end) => first.subarray(0, end % first.length)),
      ),
      streams,
    ),
  );
  fc.assert(
    fc.property(again, ([first, second, rest]) => {
      const next = Buffer.concat([second, rest]);
      expect(readAll([first, next])).toEqual([...readAll([first]), ...readAll([next])]);
    }),
    { numRuns: 2000 },
  );
});

test('of any bytes there come requests within the limits, or a refusal by a status of HTTP', () => {
  fc.assert(
    fc.property(fc.oneof(streams, fc.uint8Array({ maxLength: 20_000 }).map(Buffer.from)), (bytes) => {
      for (const read of readAll([bytes]) as { status?: number; body?: string }[]) {
        if (read.status !== undefined) expect([4, 5]).toContain(Math.floor(read.status / 100));
        else expect((read.body ?? '').length).toBeLessThanOrEqual(OCSP_LIMITS.requestBytes);
      }
    }),
    { numRuns: 1000 },
  );
});

test('what never ends is refused before more than a head and a piece of it is held', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('A', 'X: y\r\n', '\r\nX', ' ', '\r'),
      fc.integer({ min: 1, max: 4000 }),
      (unit, size) => {
        const reader = new RequestReader('/ocsp');
        const piece = Buffer.from(unit.repeat(size));
        reader.push(Buffer.from('GET /ocsp/'));
        let taken = 0;
        for (; reader.next().kind === 'incomplete'; taken += piece.length) {
          expect(taken).toBeLessThanOrEqual(MAX_HEAD_BYTES + piece.length);
          reader.push(piece);
        }
        expect(reader.next().kind).toBe('refused');
      },
    ),
    { numRuns: 200 },
  );
});
