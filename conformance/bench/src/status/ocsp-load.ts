import { Agent, request } from 'node:http';
import { load } from '../resolve/load.ts';

const CONCURRENT = 8;
const SECONDS = 4;

/** OCSP answers per second of the responder's CPU, by POST from eight clients, which keep their connections or do not. */
export async function ocspPerCpuSecond(
  url: string,
  requests: readonly Buffer[],
  cpuSeconds: () => Promise<number> | number,
  keepAlive = true,
): Promise<number> {
  const agent = new Agent({ keepAlive, maxSockets: CONCURRENT });
  const one = (i: number): Promise<void> => post(url, agent, requests[i % requests.length] as Buffer);
  await load(one, { inFlight: CONCURRENT, seconds: 1 });
  const before = await cpuSeconds();
  const { count } = await load(one, { inFlight: CONCURRENT, seconds: SECONDS });
  const spent = (await cpuSeconds()) - before;
  agent.destroy();
  return Math.round(count / spent);
}

/** OCSPResponseStatus successful (RFC 6960 §4.2.1), where it stands in the answers of both responders. */
const isSuccessful = (answer: Buffer): boolean => answer.indexOf(Buffer.from([0x0a, 0x01, 0x00])) === 4;

/** @throws Error where it is not answered */
export function post(url: string, agent: Agent, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/ocsp-request', 'content-length': body.length };
    const outgoing = request(url, { method: 'POST', agent, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        if (answer.statusCode === 200 && isSuccessful(Buffer.concat(parts))) resolve();
        else reject(new Error(`bench: OCSP answered ${answer.statusCode}`));
      });
      answer.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
