import { setImmediate } from 'node:timers/promises';
import { type Bytes, silentLogger, toHex, utf8 } from '@attestel/core';
import { describe, expect, it, vi } from 'vitest';
import { fail } from '../../src/agent/errors.ts';
import { startGatewayAgent } from '../../src/agent/gateway-agent.ts';
import type { IkeChange, IkeDaemon, IkeSa } from '../../src/agent/ike-daemon.ts';
import type { TunnelVerdict } from '../../src/agent/tunnel-judge.ts';
import { sha256 } from '../../src/sha256.ts';

const UNNAMEABLE = 'a name that the daemon does not take back';

/** A daemon whose peers come and go as a test says. */
function fakeDaemon() {
  const sas: IkeSa[] = [];
  let seen: { peer: string; certificate: Bytes }[] = [];
  let change = (_: IkeChange): void => {};
  let coming = 0;
  let broken = false;
  const gone = new Set<string>();
  const daemon: IkeDaemon = {
    async associations() {
      if (broken) throw new Error('gone');
      return { up: [...sas], coming };
    },
    certificatesOf: async (peer) => {
      if (peer === UNNAMEABLE) throw fail('vici_refused', { field: 'list-certs' });
      return seen.filter((one) => one.peer === peer).map((one) => one.certificate);
    },
    async forgetCertificates() {
      seen = [];
    },
    async terminate(id) {
      if (gone.has(id)) throw fail('vici_refused', { field: 'terminate' });
      sas.splice(
        sas.findIndex((sa) => sa.id === id),
        1,
      );
    },
    async onChange(listener) {
      change = listener;
    },
  };
  return {
    daemon,
    comesUp(id: string, peer: string, ...certificates: string[]) {
      const sa = { id, peer, address: '192.0.2.1' };
      sas.push(sa);
      this.shows(peer, ...certificates);
      change({ kind: 'up', sas: [sa] });
    },
    /** Without a word of it. */
    standsThere(id: string, peer: string, ...certificates: string[]) {
      sas.push({ id, peer, address: '192.0.2.1' });
      this.shows(peer, ...certificates);
    },
    shows(peer: string, ...certificates: string[]) {
      seen.push(...certificates.map((text) => ({ peer, certificate: utf8(text) })));
    },
    /** As one that ends between two questions. */
    goes(id: string) {
      gone.add(id);
    },
    rekeys(from: string, to: string) {
      const at = sas.findIndex(({ id }) => id === from);
      const sa = { ...(sas[at] as IkeSa), id: to };
      sas.splice(at, 1, sa);
      change({ kind: 'rekeyed', from, to: sa });
    },
    comes(count: number) {
      coming = count;
    },
    breaks(is: boolean) {
      broken = is;
    },
    ids: () => sas.map(({ id }) => id),
  };
}

async function start(refused: Record<string, string> = {}) {
  const fake = fakeDaemon();
  const ended: string[] = [];
  const urgent: string[] = [];
  const check = (certificate: Bytes, how: { isUrgent?: boolean } = {}): TunnelVerdict => {
    const name = Buffer.from(certificate).toString();
    if (how.isUrgent) urgent.push(name);
    const code = refused[name];
    return code === undefined ? { ok: true } : { ok: false, code };
  };
  const agent = await startGatewayAgent({
    daemon: fake.daemon,
    check,
    logger: silentLogger,
    onTerminated: ({ sa, code }) => ended.push(`${sa.id} ${code}`),
  });
  return { ...fake, comesUp: fake.comesUp.bind(fake), agent, ended, refused, urgent };
}

describe('an agent beside a gateway', () => {
  it('leaves alone what is published and in force', async () => {
    const { agent, comesUp, ids, ended } = await start();
    comesUp('1', 'cell', 'good');
    await agent.look();
    expect(ids()).toEqual(['1']);
    expect(ended).toEqual([]);
    expect(agent.tunnels()).toMatchObject([{ sa: { id: '1' } }]);
  });

  it('ends a tunnel whose certificate nobody published', async () => {
    const { agent, comesUp, ids, ended } = await start({ rogue: 'certificate_unpublished' });
    comesUp('1', 'cell', 'rogue');
    await agent.look();
    expect(ids()).toEqual([]);
    expect(ended).toEqual(['1 certificate_unpublished']);
    expect(agent.tunnels()).toEqual([]);
  });

  it('ends a tunnel of which nobody saw a certificate', async () => {
    const { agent, comesUp, ended } = await start();
    comesUp('1', 'cell');
    await agent.look();
    expect(ended).toEqual(['1 certificate_unseen']);
  });

  it('ends a running tunnel when its certificate is suspended', async () => {
    const { agent, comesUp, ids, ended, refused } = await start();
    comesUp('1', 'cell', 'good');
    comesUp('2', 'other', 'other');
    await agent.look();
    refused.good = 'certificate_suspended';
    await agent.look();
    expect(ids()).toEqual(['2']);
    expect(ended).toEqual(['1 certificate_suspended']);
  });

  it('judges each by what it showed itself, not by what another of its name showed', async () => {
    const { agent, comesUp, ids, ended } = await start({ rogue: 'certificate_unpublished' });
    comesUp('1', 'cell', 'good');
    await agent.look();
    comesUp('2', 'cell', 'rogue');
    await agent.look();
    comesUp('3', 'cell', 'good');
    await agent.look();
    expect(ids()).toEqual(['1', '3']);
    expect(ended).toEqual(['2 certificate_unpublished']);
  });

  it('examines all others where the daemon refuses to speak of one, and ends that one', async () => {
    const { agent, comesUp, ids, ended } = await start({ rogue: 'certificate_unpublished' });
    comesUp('1', UNNAMEABLE, 'good');
    comesUp('2', 'cell', 'rogue');
    await agent.look();
    expect(ids()).toEqual([]);
    expect(ended).toEqual(['1 vici_refused', '2 certificate_unpublished']);
  });

  it('goes on where one is gone before it is ended', async () => {
    const { agent, comesUp, goes, ended } = await start({ rogue: 'certificate_unpublished' });
    goes('1');
    comesUp('1', 'other', 'rogue');
    comesUp('2', 'cell', 'rogue');
    await agent.look();
    expect(ended).toEqual(['2 certificate_unpublished']);
  });

  it('judges nobody by what was shown before the agent came', async () => {
    const fake = fakeDaemon();
    fake.shows('cell', 'rogue');
    const check = (certificate: Bytes): TunnelVerdict =>
      Buffer.from(certificate).toString() === 'rogue' ? { ok: false, code: 'x' } : { ok: true };
    const agent = await startGatewayAgent({ daemon: fake.daemon, check, logger: silentLogger });
    fake.comesUp('1', 'cell', 'good');
    await agent.look();
    expect(fake.ids()).toEqual(['1']);
  });

  it('says so when the daemon does not answer, and goes on when it does', async () => {
    const { agent, comesUp, breaks, ended } = await start({ rogue: 'certificate_unpublished' });
    breaks(true);
    comesUp('1', 'cell', 'rogue');
    await expect(agent.look()).rejects.toThrow('gone');
    breaks(false);
    await agent.look();
    expect(ended).toEqual(['1 certificate_unpublished']);
  });

  it('keeps one that is rekeyed, though nobody shows a certificate then', async () => {
    const { agent, comesUp, rekeys, ids, ended } = await start();
    comesUp('1', 'cell', 'good');
    await agent.look();
    rekeys('1', '2');
    await agent.look();
    expect(ids()).toEqual(['2']);
    expect(ended).toEqual([]);
    expect(agent.tunnels()).toMatchObject([{ sa: { id: '2' } }]);
  });

  it('looks first at those that are named, and asks about them anew', async () => {
    const { agent, comesUp, urgent, ended, refused } = await start();
    comesUp('1', 'cell', 'good');
    comesUp('2', 'other', 'other');
    await agent.look();
    refused.good = 'certificate_suspended';
    await agent.lookAt([toHex(sha256(utf8('good')))]);
    expect(ended).toEqual(['1 certificate_suspended']);
    expect(urgent).toEqual(['good']);
  });

  it('ends one that comes up while nobody can say in time whether it may', async () => {
    const fake = fakeDaemon();
    const ended: string[] = [];
    const agent = await startGatewayAgent({
      daemon: fake.daemon,
      check: () => new Promise(() => {}),
      logger: silentLogger,
      decideWithinMilliseconds: 20,
      onTerminated: ({ code }) => ended.push(code),
    });
    fake.comesUp('1', 'cell', 'good');
    await vi.waitFor(() => expect(ended).toEqual(['certificate_undecided']), 20_000);
    expect(fake.ids()).toEqual([]);
    agent.stop();
  });

  it('judges many at once, and no more than it is told', async () => {
    const fake = fakeDaemon();
    let [now, most] = [0, 0];
    const agent = await startGatewayAgent({
      daemon: fake.daemon,
      async check() {
        now += 1;
        most = Math.max(most, now);
        await setImmediate();
        now -= 1;
        return { ok: true };
      },
      logger: silentLogger,
      concurrency: 4,
    });
    for (let i = 0; i < 50; i++) fake.standsThere(`${i}`, `cell ${i}`, `certificate ${i}`);
    await agent.look();
    expect(agent.tunnels()).toHaveLength(50);
    expect(most).toBe(4);
  });

  it('does not forget what a peer has shown that is about to come up', async () => {
    const { agent, comesUp, comes, shows, ids, ended } = await start();
    comesUp('1', 'cell', 'good');
    shows('next', 'shown before it is up');
    comes(1);
    await agent.look();
    comes(0);
    comesUp('2', 'next');
    await agent.look();
    expect(ids()).toEqual(['1', '2']);
    expect(ended).toEqual([]);
    agent.stop();
  });

  it('brings what it knows up to date before it looks at all', async () => {
    const order: string[] = [];
    const fake = fakeDaemon();
    fake.standsThere('1', 'cell', 'good');
    await startGatewayAgent({
      daemon: fake.daemon,
      check: () => {
        order.push('check');
        return { ok: true };
      },
      async refresh() {
        order.push('refresh');
      },
      logger: silentLogger,
    });
    expect(order).toEqual(['refresh', 'check']);
  });
});
