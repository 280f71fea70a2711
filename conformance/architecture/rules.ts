/**
 * The rules of specs/architecture.md as data. A change here needs a decision record under
 * specs/decisions/.
 */
export interface ArchitectureRules {
  /** Package → the other packages it may import. Everyone may import `core` and `proof`. */
  readonly layers: Readonly<Record<string, readonly string[]>>;
  /** Entries that run in a browser: package, or package/subpath. */
  readonly browserEntries: readonly string[];
  /** Published packages known to run in a browser, so that a native one cannot slip in. */
  readonly browserPackages: readonly string[];
  /** Files of state-machine code, beside those that declare a LedgerModule and what they import. */
  readonly stateFolders: readonly RegExp[];
  /** Files that state code may import although they break its rules: each with its reason. */
  readonly stateExemptions: Readonly<Record<string, string>>;
  /** Files that import what they are told at run time: each with its reason. */
  readonly computedImports: Readonly<Record<string, string>>;
}

const openid = ['did', 'registry', 'credentials', 'keystore', 'x509'];
const all = ['keystore', 'x509', 'ledger', 'did', 'registry', 'credentials', 'openid', 'oidc-bridge', 'pki'];

export const RULES: ArchitectureRules = {
  layers: {
    core: [],
    proof: [],
    keystore: [],
    x509: ['keystore'],
    ledger: [],
    did: ['ledger', 'keystore'],
    registry: ['ledger', 'did'],
    credentials: ['did', 'registry', 'keystore', 'x509'],
    openid,
    'oidc-bridge': ['registry', 'credentials', 'openid', 'keystore'], // keystore: decision 0002
    pki: ['ledger', 'did', 'registry', 'keystore', 'x509'],
    scenarios: ['ledger', 'did', 'registry', 'credentials', 'keystore'],
    web: ['did/verify', 'credentials/holder', 'openid/wallet', 'pki/verify', 'registry/client'], // pki: decision 0016
    server: [...all, 'scenarios', 'web'],
    cli: [...all, 'scenarios', 'server', 'web'],
    veramo: ['did', 'keystore'], // decision 0012
  },
  browserEntries: [
    'core',
    'proof',
    'did/verify',
    'credentials/holder',
    'openid/wallet',
    'pki/verify',
    'registry/client',
  ],
  browserPackages: [
    '@openid4vc/oauth2',
    '@openid4vc/openid4vci',
    '@openid4vc/openid4vp',
    'cborg',
    'dcql',
    'jose',
    'zod',
  ],
  stateFolders: [/^(?:did|ledger|pki|registry)\/src\/state\//],
  stateExemptions: {
    'did/src/sha256.ts': 'a hash is a pure function of its bytes; the module takes it as a port',
    'ledger/src/sha256.ts': 'the same',
    'pki/src/sha256.ts': 'the same',
  },
  computedImports: {
    'ledger/src/threads/pool-thread.ts': 'runs on another thread what its own process names', // decision 0017
  },
};
