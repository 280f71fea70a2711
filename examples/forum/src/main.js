// A forum where people write under a pseudonym, made with openid-client on plain node:http.
// It knows four values about the provider and nothing else.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { errorPage, forumPage } from './pages.js';
import { createPosts } from './posts.js';
import { createSessions } from './sessions.js';
import { createSignIn, helpFor } from './sign-in.js';
import { language, texts } from './texts.js';

const env = (name) => process.env[name] ?? exit(`Set ${name}`);
function exit(message) {
  console.error(message);
  process.exit(2);
}

const baseUrl = env('BASE_URL');
const secure = baseUrl.startsWith('https:');
const signIn = createSignIn({
  issuerUrl: env('ISSUER_URL'),
  clientId: env('CLIENT_ID'),
  clientSecret: env('CLIENT_SECRET'),
  baseUrl,
});
const sessions = createSessions({ secure });
const posts = createPosts();

const files = { '/style.css': 'text/css', '/mountain.svg': 'image/svg+xml' };
const contents = Object.fromEntries(
  Object.keys(files).map((path) => [path, readFileSync(new URL(`../public${path}`, import.meta.url))]),
);

const routes = {
  'GET /healthz': () => ({ type: 'application/json', body: '{"status":"ok"}' }),

  'GET /': ({ lang, session }) => html(forumPage({ lang, user: session?.user, posts: posts.latest() })),

  'GET /login': async ({ lang }) => {
    const { url, pending } = await signIn.begin(lang);
    return { status: 303, headers: { location: url, 'set-cookie': sessions.start({ pending }, 600) } };
  },

  'GET /callback': async ({ url, session }) => {
    const user = await signIn.finish(url, session?.pending);
    // A new session id at sign-in: nobody who planted the old one gets in with it.
    sessions.end(session);
    return { status: 303, headers: { location: '/', 'set-cookie': sessions.start({ user }, 8 * 3600) } };
  },

  'POST /logout': async ({ session }) => {
    const location = await signIn.endUrl(session?.user);
    return { status: 303, headers: { location, 'set-cookie': sessions.end(session) } };
  },

  'POST /posts': ({ session, form }) => {
    if (session?.user) posts.add(session.user.sub, form.get('text') ?? '');
    return { status: 303, headers: { location: session?.user ? '/' : '/login' } };
  },
};

const html = (body, status = 200) => ({ status, type: 'text/html; charset=utf-8', body });

async function answer(req) {
  const url = new URL(req.url, baseUrl);
  const lang = language(url.searchParams.get('lang'), req.headers.cookie, req.headers['accept-language']);
  try {
    if (req.method === 'GET' && files[url.pathname]) {
      return {
        type: files[url.pathname],
        body: contents[url.pathname],
        headers: { 'cache-control': 'max-age=60' },
      };
    }
    const route = routes[`${req.method} ${url.pathname}`];
    if (!route) return html(errorPage({ lang, ...texts[lang].notFound }), 404);
    const form = req.method === 'POST' ? await readForm(req) : undefined;
    const response = await route({ url, lang, form, session: sessions.of(req.headers.cookie) });
    if (url.searchParams.has('lang')) {
      const chosen = `forum_lang=${lang}; Path=/; Max-Age=31536000; SameSite=Lax`;
      const cookies = [response.headers?.['set-cookie'] ?? [], chosen].flat();
      response.headers = { ...response.headers, 'set-cookie': cookies };
    }
    return response;
  } catch (error) {
    const { status, code, ...help } = helpFor(error, texts[lang]);
    console.error(`request failed: ${code}`);
    return html(errorPage({ lang, ...help }), status);
  }
}

/** Only our own pages may post (the session cookie is SameSite=Lax as well). */
async function readForm(req) {
  if (req.headers.origin !== new URL(baseUrl).origin)
    throw Object.assign(new Error('origin'), { status: 403 });
  let size = 0;
  const chunks = [];
  for await (const chunk of req) {
    size += chunk.length;
    if (size > 8192) throw Object.assign(new Error('too large'), { status: 413 });
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

const server = createServer(async (req, res) => {
  const { status = 200, type = 'text/plain', headers = {}, body = '' } = await answer(req);
  res.writeHead(status, {
    'content-type': type,
    'content-security-policy':
      "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self' http: https:; base-uri 'none'; frame-ancestors 'none'",
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...headers,
  });
  res.end(body);
});
server.on('error', (error) => exit(`forum cannot listen: ${error.code}`));
server.listen(Number(env('PORT')), () => console.log(`forum listening on ${baseUrl}`));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
