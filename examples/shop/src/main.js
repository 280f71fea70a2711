// A shop whose customers sign in with their phone number, made with express-openid-connect.
// It knows four values about the provider and nothing else.
import { fileURLToPath } from 'node:url';
import express from 'express';
import openid from 'express-openid-connect';
import { helpFor } from './errors.js';
import { errorPage, shopPage } from './pages.js';
import { language, texts } from './texts.js';

const env = (name) => process.env[name] ?? exit(`Set ${name}`);
const exit = (message) => {
  console.error(message);
  process.exit(2);
};

const baseURL = env('BASE_URL');
const issuerBaseURL = env('ISSUER_URL');
const app = express();
app.disable('x-powered-by');

// The form that signs out is ours, but leads on to the provider: browsers apply form-action to that, too.
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  `form-action 'self' ${new URL(issuerBaseURL).origin}`,
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

app.use((req, res, next) => {
  res.set({
    'content-security-policy': policy,
    'referrer-policy': 'same-origin', // with none at all, our own forms would come from the origin "null"
    'x-content-type-options': 'nosniff',
  });
  req.lang = language(req.query.lang, req.headers.cookie, req.headers['accept-language']);
  if (req.query.lang) res.cookie('shop_lang', req.lang, { sameSite: 'lax', maxAge: 365 * 86_400_000 });
  next();
});
app.get('/healthz', (_req, res) => res.json({ status: 'ok' }));
app.use(
  express.static(fileURLToPath(new URL('../public', import.meta.url)), { index: false, maxAge: 60_000 }),
);

app.use(
  openid.auth({
    issuerBaseURL,
    baseURL,
    clientID: env('CLIENT_ID'),
    clientSecret: env('CLIENT_SECRET'),
    secret: `shop session ${env('CLIENT_SECRET')}`, // encrypts the session cookie
    clientAuthMethod: 'client_secret_basic',
    authorizationParams: { response_type: 'code', scope: 'openid phone' },
    authRequired: false,
    idpLogout: true,
    enableTelemetry: false,
    routes: { login: false, logout: false }, // ours are below
    // Cookies know no ports: on localhost every app needs names of its own.
    session: { name: 'shop_session' },
    transactionCookie: { name: 'shop_login' },
    // An http issuer or base URL (local demo) makes the library allow plain http and drop `Secure`.
    afterCallback: async (req, _res, session) => {
      const { phone_number, phone_number_verified } = await req.oidc.fetchUserInfo();
      return { ...session, phone: phone_number_verified ? phone_number : undefined };
    },
  }),
);

app.get('/login', (req, res) =>
  res.oidc.login({
    returnTo: baseURL,
    authorizationParams: { redirect_uri: `${baseURL}/callback`, ui_locales: req.lang },
  }),
);

/** Links and forms of other sites must not sign anybody out. Browsers that do not say the site say the origin. */
const fromOurPages = ({ headers }) =>
  headers['sec-fetch-site']
    ? headers['sec-fetch-site'] === 'same-origin'
    : headers.origin === new URL(baseURL).origin;

app.post('/logout', (req, res) => {
  if (!fromOurPages(req)) throw Object.assign(new Error('cross-site'), { status: 403 });
  return res.oidc.logout({ returnTo: baseURL });
});

app.get('/', (req, res) => {
  const customer = req.oidc.isAuthenticated()
    ? { sub: req.oidc.user.sub, phone: req.shop_session.phone }
    : undefined;
  res.set('cache-control', 'no-store').send(shopPage({ lang: req.lang, customer }));
});

app.use((req, res) => res.status(404).send(errorPage({ lang: req.lang, ...texts[req.lang].notFound })));

app.use((error, req, res, _next) => {
  const help = helpFor(error, texts[req.lang]);
  console.error(`sign-in failed: ${help.code}`);
  res
    .status(help.status)
    .set('cache-control', 'no-store')
    .send(errorPage({ lang: req.lang, ...help }));
});

const server = app.listen(Number(env('PORT')), () => console.log(`shop listening on ${baseURL}`));
server.on('error', (error) => exit(`shop cannot listen: ${error.code}`));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
