import { describe, expect, it } from 'vitest';
import { type NodeConfigInput, nearestName, parseNodeConfig, withEnvironment } from '../src/index.ts';

const valid: NodeConfigInput = {
  instance: 'zhonglian',
  network: 'demo',
  dataDir: '/var/lib/attestel',
  name: { 'zh-CN': '中联移动', en: 'Zhonglian Mobile' },
  http: { origin: 'https://id.zhonglian.example', port: 8443 },
  roles: { resolver: true },
};

describe('node configuration', () => {
  it('fills defaults for what is left out', () => {
    expect(parseNodeConfig(valid)).toMatchObject({
      logLevel: 'info',
      environment: 'production',
      http: { host: '127.0.0.1', requests: { perSecond: 20, burst: 200 }, metrics: 'loopback' },
    });
  });

  it('refuses an unknown key and names the nearest valid one', () => {
    const config = { ...valid, http: { ...valid.http, orign: 'https://a.example' } };
    expect(() => parseNodeConfig(config)).toThrow(
      expect.objectContaining({ code: 'config_unknown_key', field: 'http.orign, did you mean origin?' }),
    );
  });

  it('names field and rule of a bad value', () => {
    const config = { ...valid, http: { ...valid.http, port: 70_000 } };
    expect(() => parseNodeConfig(config)).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        exitCode: 2,
        message: expect.stringContaining('http.port'),
      }),
    );
  });

  it('takes a ledger from one place: a node that is followed, or validators that this one is of', () => {
    const files = { genesisFile: 'genesis.json', policyFile: 'policy.txt' };
    const cometbft = { ...files, p2pAddress: '0.0.0.0:26656' };
    const follow = { url: 'https://a.example', checkpointKey: 'key', policyFile: 'policy.txt' };
    const parse = (ledger: NodeConfigInput['ledger']) => parseNodeConfig({ ...valid, ledger });
    expect(parse({ cometbft }).ledger?.cometbft).toMatchObject({ rpcAddress: '127.0.0.1:26657', peers: [] });
    for (const ledger of [{}, { cometbft, follow }]) {
      expect(() => parse(ledger)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    }
    const peer = { nodeId: 'a'.repeat(40), address: '[::1]:26656', url: 'https://b.example' };
    expect(parse({ cometbft: { ...cometbft, peers: [peer] } }).ledger?.cometbft?.peers).toEqual([peer]);
    for (const bad of [{ nodeId: 'A'.repeat(40) }, { address: 'b.example' }, { url: 'http://b.example' }]) {
      expect(() => parse({ cometbft: { ...cometbft, peers: [{ ...peer, ...bad }] } })).toThrow(
        expect.objectContaining({ field: expect.stringContaining(`peers.0.${Object.keys(bad)[0]}`) }),
      );
    }
  });

  it.each([
    'https://a.example/path',
    'https://a.example/',
    'ftp://a.example',
    'http://a.example',
    'not a url',
  ])('refuses the origin %s', (origin) => {
    expect(() => parseNodeConfig({ ...valid, http: { origin, port: 1 } })).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
  });

  it('takes a version of the subject key that four bytes hold', () => {
    const bridge = (role: object) =>
      parseNodeConfig({ ...valid, roles: { bridge: { walletUrl: 'https://w.example', ...role } } }).roles
        .bridge?.subjectVersion;
    expect([bridge({}), bridge({ subjectVersion: 300 })]).toEqual([1, 300]);
    for (const subjectVersion of [0, 1.5, 2 ** 32]) {
      expect(() => bridge({ subjectVersion })).toThrow(/subjectVersion/);
    }
  });

  it('allows http on loopback only', () => {
    expect(
      parseNodeConfig({ ...valid, http: { origin: 'http://localhost:4101', port: 4101 } }).http.origin,
    ).toBe('http://localhost:4101');
  });

  it('refuses demo subscribers in production', () => {
    const roles = { issuer: { walletUrl: 'https://w.example', demo: { seed: 1, subscribers: 2 } } };
    expect(() => parseNodeConfig({ ...valid, roles })).toThrow(
      expect.objectContaining({ code: 'demo_in_production', status: 403 }),
    );
    expect(parseNodeConfig({ ...valid, roles, environment: 'demo' }).roles.issuer?.demo?.seed).toBe(1);
  });
});

describe('environment overrides', () => {
  it('set a nested value', () => {
    const config = parseNodeConfig(
      withEnvironment(valid, {
        ATTESTEL_CONFIG_HTTP__PORT: '9000',
        ATTESTEL_CONFIG_LOG_LEVEL: 'debug',
        PATH: '/bin',
      }),
    );
    expect(config.http.port).toBe(9000);
    expect(config.logLevel).toBe('debug');
  });

  it('do not change the given configuration', () => {
    withEnvironment(valid, { ATTESTEL_CONFIG_HTTP__PORT: '9000' });
    expect(valid.http.port).toBe(8443);
  });

  it('cannot reach the prototype', () => {
    withEnvironment(valid, { ATTESTEL_CONFIG___PROTO____POLLUTED: '1' });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('nearest name', () => {
  it('finds a slip of the pen and nothing far off', () => {
    expect(nearestName('walletURL', ['walletUrl', 'seed'])).toBe('walletUrl');
    expect(nearestName('zzzzzzzz', ['walletUrl', 'seed'])).toBeUndefined();
  });
});
