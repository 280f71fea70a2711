import { type Bytes, silentLogger, utf8 } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { fail } from '../../src/agent/errors.ts';
import { startGatewayAgent } from '../../src/agent/gateway-agent.ts';
import type { IkeChange, IkeDaemon, IkeSa } from '../../src/agent/ike-daemon.ts';
import type { TunnelVerdict } from '../../src/agent/tunnel-judge.ts';

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
  const check = (certificate: Bytes): TunnelVerdict => {
    const code = refused[Buffer.from(certificate).toString()];
    return code === undefined ? { ok: true } : { ok: false, code };
  };
  const agent = await startGatewayAgent({
    daemon: fake.daemon,
    check,
    logger: silentLogger,
    onTerminated: ({ sa, code }) => ended.push(`${sa.id} ${code}`),
  });
  return { ...fake, comesUp: fake.comesUp.bind(fake), agent, ended, refused };
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
});
