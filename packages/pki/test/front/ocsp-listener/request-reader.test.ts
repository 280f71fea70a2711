import { describe, expect, test } from 'vitest';
import { OCSP_LIMITS } from '../../../src/front/ocsp/request.ts';
import { MAX_HEAD_BYTES } from '../../../src/front/ocsp-listener/request-reader.ts';
import { post, readAll } from './fixtures/requests.ts';

const HOST = 'Host: node\r\n';
const TYPE = 'Content-Type: application/ocsp-request\r\n';
const statusOf = (text: string): unknown => readAll([Buffer.from(text, 'latin1')]).at(-1);

describe('requests that are taken', () => {
  test('a POST with its content, and what follows it on the connection', () => {
    expect(readAll([post('abc'), post('de', 'Connection: close\r\n')])).toEqual([
      { encoded: undefined, body: 'abc', closes: false },
      { encoded: undefined, body: 'de', closes: true },
    ]);
  });

  test('a GET, with what stands behind the path as it came', () => {
    expect(statusOf(`GET /ocsp/TU%2BE/+= HTTP/1.1\r\n${HOST}\r\n`)).toEqual({
      ...{ encoded: 'TU%2BE/+=', body: '', closes: false },
    });
  });

  test.each([
    ['an empty line before it', `\r\n\r\nGET /ocsp/x HTTP/1.1\r\n${HOST}\r\n`],
    ['a target as proxies send it', `GET http://node/ocsp/x HTTP/1.1\r\n${HOST}\r\n`],
    ['a query', `GET /ocsp/x?y HTTP/1.1\r\n${HOST}\r\n`],
    [
      'fields that mean nothing here, of any text',
      `GET /ocsp/x HTTP/1.1\r\n${HOST}User-Agent: \xe9 !\r\nX:\r\n\r\n`,
    ],
    ['a later minor version', `GET /ocsp/x HTTP/1.7\r\n${HOST}\r\n`],
    ['no content', `GET /ocsp/x HTTP/1.1\r\n${HOST}Content-Length: 0\r\n\r\n`],
    ['the address of an IPv6 host', 'GET /ocsp/x HTTP/1.1\r\nHost: [::1]:80\r\n\r\n'],
  ])('%s', (_, text) => {
    expect(statusOf(text)).toMatchObject({ encoded: 'x', closes: false });
  });

  test.each([
    ['HTTP/1.0 has one request a connection, and need not name a host', 'GET /ocsp/x HTTP/1.0\r\n\r\n'],
    ['whatever it says of keeping it', `GET /ocsp/x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n`],
    [
      'so has who says close, among other things',
      `GET /ocsp/x HTTP/1.1\r\n${HOST}Connection: te,\tClose\r\n\r\n`,
    ],
    ['or in another line', `GET /ocsp/x HTTP/1.1\r\n${HOST}Connection: te\r\nconnection: close\r\n\r\n`],
  ])('%s', (_, text) => {
    expect(statusOf(text)).toMatchObject({ encoded: 'x', closes: true });
  });

  test('who waits to be told to send its content is told once', () => {
    const [head = '', content = ''] = ['Expect: 100-Continue\r\n', 'abc'];
    expect(readAll([post(content, head)])).toEqual([
      'continue',
      { encoded: undefined, body: 'abc', closes: false },
    ]);
  });

  test('HTTP/1.0 does not know that (RFC 9110 §10.1.1)', () => {
    const text = `POST /ocsp HTTP/1.0\r\n${TYPE}Expect: else\r\nContent-Length: 1\r\n\r\na`;
    expect(readAll([Buffer.from(text)])).toEqual([{ encoded: undefined, body: 'a', closes: true }]);
  });
});

describe('requests that are refused', () => {
  test.each([
    [400, 'a line feed alone', `GET /ocsp/x HTTP/1.1\n${HOST}\r\n`],
    [400, 'a line feed alone at the end', `GET /ocsp/x HTTP/1.1\r\n${HOST}\n`],
    [400, 'a carriage return inside a line', `GET /ocsp/x HTTP/1.1\r\n${HOST}X: a\rb\r\n\r\n`],
    [400, 'a zero octet', `GET /ocsp/x HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`],
    [400, 'a folded field', `GET /ocsp/x HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`],
    [400, 'white space before the colon', `GET /ocsp/x HTTP/1.1\r\nHost : node\r\n\r\n`],
    [400, 'white space before the first field', `GET /ocsp/x HTTP/1.1\r\n ${HOST}\r\n`],
    [400, 'a field without a name', `GET /ocsp/x HTTP/1.1\r\n${HOST}: x\r\n\r\n`],
    [400, 'no host', 'GET /ocsp/x HTTP/1.1\r\n\r\n'],
    [400, 'two hosts', `GET /ocsp/x HTTP/1.1\r\n${HOST}${HOST}\r\n`],
    [400, 'a host that is none', 'GET /ocsp/x HTTP/1.1\r\nHost: a/b\r\n\r\n'],
    [400, 'no target', `GET HTTP/1.1\r\n${HOST}\r\n`],
    [400, 'two spaces', `GET  /ocsp/x HTTP/1.1\r\n${HOST}\r\n`],
    [400, 'HTTP/0.9', 'GET /ocsp/x\r\n\r\n'],
    [400, 'a fragment', `GET /ocsp/x#y HTTP/1.1\r\n${HOST}\r\n`],
    [400, 'what is no path', `GET ocsp/x HTTP/1.1\r\n${HOST}\r\n`],
    [400, 'content of a GET', `GET /ocsp/x HTTP/1.1\r\n${HOST}Content-Length: 1\r\n\r\na`],
    [400, 'a TLS greeting', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n'],
    [505, 'another version of HTTP', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    [404, 'another path', `GET /ocspx HTTP/1.1\r\n${HOST}\r\n`],
    [404, 'the root', `POST / HTTP/1.1\r\n${HOST}Content-Length: 0\r\n\r\n`],
    [400, 'three empty lines before it', `\r\n\r\n\r\nGET /ocsp/x HTTP/1.1\r\n${HOST}\r\n`],
  ])('%i: %s', (status, _, text) => {
    expect(statusOf(text)).toEqual({ status });
  });

  test.each([
    ['two lengths', 'Content-Length: 3\r\nContent-Length: 4\r\n', 400],
    ['the same length twice', 'Content-Length: 3\r\nContent-Length: 3\r\n', 400],
    ['a list of lengths', 'Content-Length: 3, 3\r\n', 400],
    ['a length with a sign', 'Content-Length: +3\r\n', 400],
    ['a length in hex', 'Content-Length: 0x3\r\n', 400],
    ['a length behind a no-break space', 'Content-Length: \xa03\r\n', 400],
    ['an empty length', 'Content-Length: \r\n', 400],
    ['no length', '', 411],
    ['chunks', 'Transfer-Encoding: chunked\r\n', 411],
    ['another coding', 'Transfer-Encoding: gzip, chunked\r\n', 501],
    ['chunks and a length', 'Transfer-Encoding: chunked\r\nContent-Length: 3\r\n', 400],
    ['two codings', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', 400],
    ['too long a content', `Content-Length: ${OCSP_LIMITS.requestBytes + 1}\r\n`, 413],
    ['a length beyond all numbers', `Content-Length: ${'9'.repeat(400)}\r\n`, 413],
    ['an unknown expectation', 'Content-Length: 3\r\nExpect: 200-ok\r\n', 417],
    ['compressed content', 'Content-Length: 3\r\nContent-Encoding: gzip\r\n', 415],
  ])('POST with %s', (_, fields, status) => {
    expect(statusOf(`POST /ocsp HTTP/1.1\r\n${HOST}${TYPE}${fields}\r\nabc`)).toEqual({ status });
  });

  test('content of another type, or of none', () => {
    const of = (type: string): unknown =>
      statusOf(`POST /ocsp HTTP/1.1\r\n${HOST}${type}Content-Length: 3\r\n\r\nabc`);
    expect(of('Content-Type: text/plain\r\n')).toEqual({ status: 415 });
    expect(of('')).toEqual({ status: 415 });
    expect(of('Content-Type: Application/OCSP-Request ; q=1\r\n')).toMatchObject({ body: 'abc' });
  });

  test('chunks of HTTP/1.0 (RFC 9112 §6.1)', () => {
    expect(statusOf('POST /ocsp HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n')).toEqual({ status: 400 });
  });

  test.each(['HEAD', 'PUT', 'OPTIONS', 'DELETE', 'get', 'X'])(
    'the method %s, naming what is allowed',
    (method) => {
      expect(statusOf(`${method} /ocsp HTTP/1.1\r\n${HOST}\r\n`)).toEqual({ status: 405, allow: 'POST' });
      expect(statusOf(`${method} /ocsp/x HTTP/1.1\r\n${HOST}\r\n`)).toEqual({ status: 405, allow: 'GET' });
    },
  );

  test('a head that is too long: its target, or its fields', () => {
    const [begin, end] = ['GET /ocsp/', ` HTTP/1.1\r\n${HOST}\r\n`];
    const room = MAX_HEAD_BYTES - begin.length - end.length;
    expect(statusOf(`${begin}${'A'.repeat(room)}${end}`)).toMatchObject({ body: '' });
    expect(statusOf(`${begin}${'A'.repeat(room + 1)}${end}`)).toEqual({ status: 431 });
    expect(statusOf(`${begin}${'A'.repeat(MAX_HEAD_BYTES)}`)).toEqual({ status: 414 });
    expect(statusOf(`${begin}x HTTP/1.1\r\n${'X: y\r\n'.repeat(2000)}`)).toEqual({ status: 431 });
  });

  test('nothing after a refusal is read', () => {
    expect(readAll([Buffer.from('x\r\n'), post('abc')])).toEqual([{ status: 400 }]);
  });
});
