// oidc-provider by itself: a Map for a store, and a login that is one click. Started as a child process.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { answerParent } from '../measured-process.ts';
import { CALLBACK, type Ready } from './protocol.ts';

const port = Number(process.argv[2]);
const origin = `http://localhost:${port}`;
const clientSecret = randomBytes(32).toString('base64url');
const records = new Map<string, { grantId?: string; uid?: string; consumed?: number }>();

/** The least an adapter can do. */
const adapter = (model: string) => {
  const key = (id: string) => `${model}:${id}`;
  return {
    find: async (id: string) => records.get(key(id)),
    upsert: async (id: string, payload: object) => {
      records.set(key(id), payload);
      const { uid } = payload as { uid?: string };
      if (model === 'Session' && uid) records.set(`uid:${uid}`, { uid: id });
    },
    destroy: async (id: string) => void records.delete(key(id)),
    consume: async (id: string) => {
      const record = records.get(key(id));
      if (record) record.consumed = Math.floor(Date.now() / 1000);
    },
    findByUid: async (uid: string) => records.get(key(records.get(`uid:${uid}`)?.uid ?? '')),
    findByUserCode: async () => undefined,
    revokeByGrantId: async () => undefined,
  };
};

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
const provider = new Provider(origin, {
  adapter,
  jwks: { keys: [{ ...rsa, alg: 'RS256', use: 'sig' }] },
  cookies: { keys: ['one', 'two'] },
  clients: [
    {
      client_id: 'bench-app',
      client_secret: clientSecret,
      redirect_uris: [CALLBACK],
      subject_type: 'public',
    },
  ],
  claims: { openid: ['sub'], phone: ['phone_number', 'phone_number_verified'] },
  conformIdTokenClaims: true,
  responseTypes: ['code'],
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: async (_ctx, id) => ({
    accountId: id,
    claims: async () => ({ sub: id, phone_number: '+8613800000000', phone_number_verified: true }),
  }),
  ttl: {
    AccessToken: 600,
    AuthorizationCode: 30,
    Grant: 28_800,
    IdToken: 600,
    Interaction: 300,
    Session: 28_800,
  },
});
provider.on('server_error', (_ctx, error) => console.error(error));
const callback = provider.callback();

const server = createServer((req, res) => {
  if (!req.url?.startsWith('/interaction/')) return void callback(req, res);
  if (req.method === 'GET') {
    res
      .setHeader('content-type', 'text/html')
      .end(`<form method="post" action="${req.url}"><button>Sign in</button></form>`);
    return;
  }
  void finish().catch((error: unknown) => {
    console.error(error);
    res.writeHead(500).end();
  });
  async function finish(): Promise<void> {
    const { params } = await provider.interactionDetails(req, res);
    const accountId = `user-${Math.floor(Math.random() * 256)}`;
    const grant = new provider.Grant({ accountId, clientId: String(params.client_id) });
    grant.addOIDCScope(String(params.scope));
    await provider.interactionFinished(req, res, {
      login: { accountId },
      consent: { grantId: await grant.save() },
    });
  }
});
server.listen(port, '127.0.0.1', () =>
  answerParent<Ready>(
    { origin, clientId: 'bench-app', clientSecret, cards: [] },
    async () => void server.close(),
  ),
);
