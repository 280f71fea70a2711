import { type Bytes, systemClock } from '@attestel/core';
import { afterEach, describe, expect, test } from 'vitest';
import type { OcspResponder } from '../../../src/front/ocsp/responder.ts';
import type { OcspAnswered } from '../../../src/front/ocsp-listener/connection.ts';
import {
  type OcspListener,
  type OcspListenerOptions,
  startOcspListener,
} from '../../../src/front/ocsp-listener/ocsp-listener.ts';
import { flood } from '../fixtures/flood.ts';
import { post } from './fixtures/requests.ts';
import { statusesOf, type Talk, talk } from './fixtures/talk.ts';

let listener: OcspListener | undefined;
const talks: Talk[] = [];

afterEach(async () => {
  for (const { socket } of talks.splice(0)) socket.destroy();
  await listener?.close();
  listener = undefined;
});

/** Says what it was asked, so that answers can be told apart. */
const echo: OcspResponder = {
  respond: async (request) => ({
    der: Buffer.from(`<${Buffer.from(request).toString('latin1')}>`),
    maxAge: 60,
  }),
};

async function start(more: Partial<OcspListenerOptions> = {}): Promise<OcspListener> {
  const where = { host: '127.0.0.1', port: 0, clock: systemClock, responder: echo };
  listener = await startOcspListener({ ...where, ...more });
  return listener;
}

function open(first: Buffer | string = ''): Talk {
  const one = talk(listener?.port ?? 0, first);
  talks.push(one);
  return one;
}

const get = (content: string, more = ''): string =>
  `GET /ocsp/${Buffer.from(content).toString('base64')} HTTP/1.1\r\nHost: node\r\n${more}\r\n`;
const contents = ({ text }: Talk): string[] =>
  [...text().matchAll(/<(\w*)>/g)].map(([, content]) => content ?? '');

describe('a listener for OCSP', () => {
  test('answers by POST with what must not be kept, by GET with how long it may be', async () => {
    await start();
    const one = open(post('a'));
    await one.answers(1);
    expect(one.text()).toMatch(
      /^HTTP\/1\.1 200 OK\r\nDate: \w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT\r\nContent-Type: application\/ocsp-response\r\nCache-Control: no-store\r\n.*Content-Length: 3\r\n\r\n<a>$/s,
    );
    one.socket.write(get('b'));
    await one.answers(2);
    expect(one.text()).toMatch(
      /max-age=60, public, no-transform, must-revalidate[^<]*Allow-Origin: \*\r\n\r\n<b>$/s,
    );
  });

  test('answers more at once than leave together, and none of them twice', async () => {
    await start();
    const asked = Array.from({ length: 40 }, (_, i) => `c${i}`);
    const all = asked.map((content) => open(post(content)));
    await Promise.all(all.map((one) => one.answers(1)));
    expect(all.map(contents)).toEqual(asked.map((content) => [content]));
  });

  test('answers what came in one go in its order, each in its turn', async () => {
    await start();
    const names = Array.from({ length: 300 }, (_, i) => `n${i}`);
    const one = open(
      names.map((name) => (name.endsWith('7') ? get(name) : post(name).toString('latin1'))).join(''),
    );
    await one.answers(names.length);
    expect(contents(one)).toEqual(names);
  });

  test('asks the responder for one answer of a connection at a time', async () => {
    const asked: (() => void)[] = [];
    const respond = (): Promise<{ der: Bytes; maxAge: undefined }> =>
      new Promise(
        (resolve) => void asked.push(() => resolve({ der: Buffer.from('<x>'), maxAge: undefined })),
      );
    await start({ responder: { respond } });
    const one = open(Buffer.concat([post('a'), post('b')]));
    await until(() => asked.length === 1);
    one.socket.write(post('c'));
    for (let i = 0; i < 3; i++) {
      expect(asked.length).toBe(i + 1);
      asked[i]?.();
      await one.answers(i + 1);
      if (i < 2) await until(() => asked.length === i + 2);
    }
    expect(contents(one)).toHaveLength(3);
  });

  test('ends the connection after the answer to HTTP/1.0, or to who asks for that', async () => {
    await start();
    for (const text of [get('a').replace('1.1', '1.0'), get('a', 'Connection: close\r\n')]) {
      const one = open(text);
      await one.ended;
      expect(contents(one)).toEqual(['a']);
      expect(one.text()).toContain('\r\nConnection: close\r\n');
    }
  });

  test('answers who has ended its own side with the request', async () => {
    await start();
    const one = open();
    one.socket.end(Buffer.concat([post('a'), post('b')]));
    await one.ended;
    expect(contents(one)).toEqual(['a', 'b']);
  });

  test('tells those who wait for it to send their content', async () => {
    await start();
    const [all, expect100] = [post('abc', 'Expect: 100-continue\r\n'), 'HTTP/1.1 100 Continue\r\n\r\n'];
    const one = open(all.subarray(0, -3));
    await one.answers(1);
    expect(one.text()).toBe(expect100);
    one.socket.write('abc');
    await one.answers(2);
    expect(contents(one)).toEqual(['abc']);
  });

  test('refuses with a status and ends; what came before is answered', async () => {
    await start();
    const one = open(
      Buffer.concat([post('a'), Buffer.from('HEAD /ocsp HTTP/1.1\r\nHost: node\r\n\r\n'), post('b')]),
    );
    await one.ended;
    expect(statusesOf(one.text())).toEqual([200, 405]);
    expect(one.text()).toMatch(/Allow: POST\r\nContent-Length: 0\r\nConnection: close\r\n\r\n$/);
  });

  test.each([
    [true, 411],
    [false, 413],
  ])('is not to be flooded (in chunks: %s): %i while most of it is not sent', async (chunked, status) => {
    const { port } = await start();
    const bytes = 1 << 30;
    const answer = await flood(port, { path: '/ocsp', type: 'application/ocsp-request', bytes, chunked });
    expect(answer.status ?? statusesOf(answer.text)[0]).toBe(status);
    expect(answer.sent).toBeLessThan(bytes / 16);
  });

  test('answers 500 where the responder fails, which it never should', async () => {
    await start({ responder: { respond: () => Promise.reject(new Error('x')) } });
    const one = open(post('a'));
    await one.ended;
    expect(statusesOf(one.text())).toEqual([500]);
  });

  test('takes no more connections than it may', async () => {
    await start({ maxConnections: 2 });
    const two = [open(post('a')), open(post('b'))];
    await Promise.all(two.map((one) => one.answers(1)));
    const third = open(post('c'));
    await third.ended;
    expect(third.text()).toBe('');
    two[0]?.socket.destroy();
    await untilAsync(async () => {
      const next = open(post('d'));
      await next.answers(1);
      return contents(next).length === 1;
    });
  });

  test('counts answers by method and status, refusals without the method that a stranger made up', async () => {
    const seen: Omit<OcspAnswered, 'seconds'>[] = [];
    await start({ observe: ({ isGet, status }) => void seen.push({ isGet, status }) });
    const one = open(`${post('a')}${get('b')}BREW /ocsp HTTP/1.1\r\nHost: node\r\n\r\n`);
    await one.ended;
    expect(seen).toEqual([
      { isGet: false, status: 200 },
      { isGet: true, status: 200 },
      { isGet: undefined, status: 405 },
    ]);
  });
});

describe('a listener for OCSP with short patience', () => {
  const tickMilliseconds = 5;

  test.each([
    ['says nothing', ''],
    ['stops in its head', 'POST /ocsp HTT'],
    ['stops in its content', post('abc').subarray(0, -1)],
    ['sends empty lines', '\r\n\r\n'],
  ])('ends the connection of who %s', async (what, first) => {
    await start({ tickMilliseconds });
    const one = open(first);
    await one.ended;
    expect(statusesOf(one.text())).toEqual(what.startsWith('stops') ? [408] : []);
  });

  test('ends that of who sends one octet after the other', async () => {
    await start({ tickMilliseconds });
    const one = open('POST /ocsp HTTP/1.1\r\nX: ');
    const drip = setInterval(() => one.socket.write('y'), 2);
    await one.ended;
    clearInterval(drip);
    expect(statusesOf(one.text())).toEqual([408]);
  });

  test('ends one that is kept for nothing, and not one whose answer takes long', async () => {
    let go = (): void => {};
    const respond = (): Promise<{ der: Bytes; maxAge: undefined }> =>
      new Promise((resolve) => {
        go = () => resolve({ der: Buffer.from('<late>'), maxAge: undefined });
      });
    await start({ tickMilliseconds, responder: { respond } });
    const one = open(post('a'));
    await new Promise((resolve) => setTimeout(resolve, 40 * tickMilliseconds));
    expect(one.socket.destroyed).toBe(false);
    go();
    await one.ended;
    expect(contents(one)).toEqual(['late']);
  });

  test('ends that of who asks on and takes no answers', async () => {
    const der = Buffer.alloc(4 << 20, 0x41);
    let asked = 0;
    const respond = async (): Promise<{ der: Bytes; maxAge: undefined }> => {
      asked += 1;
      return { der, maxAge: undefined };
    };
    await start({ tickMilliseconds, responder: { respond } });
    const one = open();
    one.socket.pause();
    one.socket.write(Buffer.concat(Array.from({ length: 100 }, () => post('a'))));
    const closed = new Promise((resolve) => one.socket.once('close', resolve));
    await until(() => asked > 0);
    await new Promise((resolve) => setTimeout(resolve, 40 * tickMilliseconds));
    expect(asked).toBeLessThan(10);
    one.socket.resume();
    one.socket.end();
    await closed;
  });

  test('on closing: who waits is let go, an answer under way goes out and is the last', async () => {
    let go = (): void => {};
    const respond = (): Promise<{ der: Bytes; maxAge: undefined }> =>
      new Promise((resolve) => {
        go = () => resolve({ der: Buffer.from('<last>'), maxAge: undefined });
      });
    const { close } = await start({ responder: { respond } });
    const [idle, busy] = [open(), open(post('a'))];
    const before = go;
    await until(() => go !== before);
    const closed = close();
    await idle.ended;
    go();
    await busy.ended;
    await closed;
    expect(busy.text()).toMatch(/Connection: close\r\n\r\n<last>$/);
    listener = undefined;
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

async function untilAsync(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 1));
}
