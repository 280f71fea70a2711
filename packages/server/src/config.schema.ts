import { z } from 'zod';
import { consoleConfigSchema } from './console-config.schema.ts';
import { contractsConfigSchema } from './contracts-config.schema.ts';
import { isGuardedUrl } from './guarded-url.ts';
import { inspectionConfigSchema } from './inspection-config.schema.ts';
import { pkiConfigSchema } from './pki-config.schema.ts';

const origin = z
  .string()
  .refine(isOrigin, 'must be an http or https origin: scheme, host and port, nothing after')
  .refine((text) => !isOrigin(text) || isGuardedUrl(text), 'http is for loopback hosts only');

const displayName = z.strictObject({ 'zh-CN': z.string().min(1).max(80), en: z.string().min(1).max(80) });

const http = z.strictObject({
  /** What clients see. */
  origin,
  host: z.string().default('127.0.0.1'),
  port: z.int().min(0).max(65535),
  /**
   * How much of operations for the ledger one client address may send: anybody may, and checking costs. Behind a
   * proxy all clients have its address: limit there, and set `kilobytesPerSecond` to 0, which means no limit.
   */
  submissions: z
    .strictObject({
      kilobytesPerSecond: z.number().min(0).max(1_000_000).default(100),
      burstKilobytes: z.number().min(1).max(1_000_000).default(5_000),
    })
    .prefault({}),
  /**
   * How many requests one client address may make on `/auth`, `/request`, `/token`, `/session/…`, `/interaction/…?…`,
   * `/openid4vp/…`, `/nonce` and `/credential`. Loopback addresses are not limited. Behind a proxy on another machine, limit there and set
   * `perSecond` to 0, which means no limit.
   */
  requests: z
    .strictObject({
      perSecond: z.number().min(0).max(1_000_000).default(20),
      burst: z.number().min(1).max(1_000_000).default(200),
    })
    .prefault({}),
  /**
   * Streams of the ledger's events that one client address may hold at once. Loopback addresses are not limited. Behind
   * a proxy on another machine, limit there and set 0, which means no limit.
   */
  eventStreams: z.int().min(0).max(100_000).default(16),
  /** Who may read `/metrics`: programs of this machine, or everybody that reaches the port. */
  metrics: z.enum(['loopback', 'public']).default('loopback'),
  tls: z.strictObject({ certFile: z.string(), keyFile: z.string() }).optional(),
});

const issuer = z.strictObject({
  /** Where people's wallets live: links from the operator's pages lead there. */
  walletUrl: origin,
  /** DIDs besides the operator's own that may use the desk API. */
  deskDids: z.array(z.string()).default([]),
  /** Sample lines and a page that plays the network's authentication. Never in production. */
  demo: z.strictObject({ seed: z.int().nonnegative(), subscribers: z.int().min(1).max(10_000) }).optional(),
  statusListSize: z
    .int()
    .min(1024)
    .max(1 << 20)
    .default(1 << 17),
  /** How long a terminated number rests before it may be given to somebody else, days. */
  quarantineDays: z.number().min(0).max(3650).default(90),
  /** How long a re-binding without the old key stays open to a veto, hours. */
  rebindingHours: z
    .number()
    .min(0)
    .max(24 * 30)
    .default(72),
});

const bridge = z.strictObject({
  walletUrl: origin,
  /** Seconds between refreshes of the issuers' status lists. */
  statusRefreshSeconds: z.number().min(0.2).max(60).default(30),
  /** Version of the key under which apps get new people's `sub`; raised by one to rotate it. */
  subjectVersion: z.int().min(1).max(0xffff_ffff).default(1),
  /** Where this bridge keeps data, and whose law applies to the consents it keeps: ISO 3166 code. */
  jurisdiction: z
    .string()
    .regex(/^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/, 'must be an ISO 3166 code')
    .default('CN'),
});

const wallet = z.strictObject({
  /** Node that the wallet asks for DIDs and the registry. */
  endpoint: origin,
  operators: z.array(z.strictObject({ did: z.string(), name: displayName, addUrl: z.url() })).default([]),
});

/** Files with the signed links from the policy of `policyFile` to the one in force, oldest first (specs/ledger.md §14). */
const policyLinks = z.array(z.string()).max(4096).default([]);

/** This node alone orders the ledger; others may follow and cosign it. */
const solo = z.strictObject({
  /** File with the policy (C2SP tlog-policy) that lists the key of the log and this node's witness key. */
  policyFile: z.string(),
  policyLinks,
  /** File with the operations that the ledger begins with; a new ledger needs it. */
  genesisFile: z.string().optional(),
  /** Nodes that follow this ledger: their cosignatures are fetched. */
  peers: z.array(origin).max(64).default([]),
  /** Seconds between looks at the others' cosignatures while nothing happens. */
  pollSeconds: z.number().min(0.1).max(60).default(5),
  /** Seconds between cosignatures of an unchanged head. */
  heartbeatSeconds: z.number().min(1).max(3600).default(30),
  /** How far the clock may be past the last block, days; more is a clock that lies, unless the operator knows better. */
  maxClockLeapDays: z.number().min(1).max(36_500).default(90),
});

/** The log of another node, which this one executes, compares and cosigns. */
const follow = z.strictObject({
  /** Node that orders operations. */
  url: origin,
  /**
   * C2SP verifier key of the log, `NAME+ID+KEY`: its name is the origin of the ledger. A ledger that several nodes order
   * has none: then the quorum of the policy speaks for it.
   */
  checkpointKey: z.string().max(4096).optional(),
  /** File with the policy (C2SP tlog-policy) that lists this node's witness key among the others. */
  policyFile: z.string(),
  policyLinks,
  /** File with the genesis that the log must begin with; without it, whoever has the log's key decides. */
  genesisFile: z.string().optional(),
  /** Other nodes that follow the same log: they show what they were shown. */
  peers: z.array(origin).max(64).default([]),
  /** Seconds between looks while nothing is announced. */
  pollSeconds: z.number().min(0.1).max(60).default(1),
  /** Seconds between cosignatures of an unchanged head. */
  heartbeatSeconds: z.number().min(1).max(3600).default(30),
  /** Number of the last alarm that this node's operator has looked into; following goes on after it. */
  acknowledgedAlarm: z.int().min(0).default(0),
});

const hostPort = z
  .string()
  .max(261)
  .regex(/^(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}$/, 'must be HOST:PORT');

/** This node orders the ledger together with others: it is a validator under CometBFT. */
const cometbft = z.strictObject({
  /** `genesis.json` of the network: the same bytes for every validator. */
  genesisFile: z.string(),
  /** File with the policy (C2SP tlog-policy) that lists the validators' witness keys. */
  policyFile: z.string(),
  policyLinks,
  /** Where the engine listens for the other engines. */
  p2pAddress: hostPort,
  /** Where the engine listens for this node; open it to nobody but nodes that join. */
  rpcAddress: hostPort.default('127.0.0.1:26657'),
  /** The other validators. */
  peers: z
    .array(
      z.strictObject({
        /** Of its engine, from `attestel node engine`. */
        nodeId: z.string().regex(/^[0-9a-f]{40}$/, 'must be 40 lower-case hex digits'),
        address: hostPort,
        /** Its node, which serves its cosignatures. */
        url: origin,
      }),
    )
    .max(64)
    .default([]),
  /** Pause after a block, for late votes and operations of the next. */
  commitMilliseconds: z.int().min(50).max(10_000).default(100),
  /** Seconds between looks at the others' cosignatures while nothing happens. */
  pollSeconds: z.number().min(0.1).max(60).default(5),
  /** Seconds between cosignatures of an unchanged head. */
  heartbeatSeconds: z.number().min(1).max(3600).default(30),
  /** Makes a snapshot for nodes that join after so many blocks of the engine; 0 makes none. */
  snapshotEveryBlocks: z.int().min(0).max(10_000_000).default(1000),
  /** How a node without a ledger joins by a snapshot. */
  stateSync: z
    .strictObject({
      /** JSON-RPC URLs of other engines. */
      rpcServers: z.array(z.url()).min(2).max(16),
      /** A block that the operator compared with the other members. */
      trustHeight: z.int().min(1),
      trustHash: z.string().regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits'),
    })
    .optional(),
});

/** One node: one member's process part. Unknown keys fail with the nearest valid name. */
export const nodeConfigSchema = z.strictObject({
  /** Short name of the instance: in cookie names, metrics and logs. */
  instance: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  network: z.string().regex(/^[a-z][a-z0-9-]{0,15}$/),
  /** Folder of this party's key store and database; nobody else's files are in it. */
  dataDir: z.string().min(1),
  name: displayName,
  http,
  /** Where this node's ledger comes from; absent where whoever starts the node brings it along, as the demo does. */
  ledger: z
    .strictObject({ solo: solo.optional(), follow: follow.optional(), cometbft: cometbft.optional() })
    .refine(
      (ledger) => Object.values(ledger).filter((section) => section !== undefined).length === 1,
      'needs one of solo, follow and cometbft',
    )
    .optional(),
  roles: z.strictObject({
    /** Serve DIDs, registry and ledger over HTTP. */
    resolver: z.boolean().default(false),
    issuer: issuer.optional(),
    bridge: bridge.optional(),
    wallet: wallet.optional(),
    /** Serve the page `/installer`, on which devices are checked. */
    installer: z.boolean().default(false),
    /** Publish certificates in the member's name, issue them, answer for them. */
    pki: pkiConfigSchema.optional(),
    /** Run the scenarios: contract calls, exchange with the other parties. */
    contracts: contractsConfigSchema.optional(),
    /** Serve the page `/inspect`, on which the member's inspectors visit devices, and pair their phones. */
    inspection: inspectionConfigSchema.optional(),
    /** Serve the console `/console` over the scenarios, for the member's staff. */
    console: consoleConfigSchema.optional(),
  }),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** `production` refuses the demo's sample lines. */
  environment: z.enum(['production', 'demo']).default('production'),
});

export type CometConfig = z.output<typeof cometbft>;
export type FollowConfig = z.output<typeof follow>;
export type SoloConfig = z.output<typeof solo>;
export type NodeConfig = z.output<typeof nodeConfigSchema>;
export type NodeConfigInput = z.input<typeof nodeConfigSchema>;

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}
