// Keeps the page itself for places without a network, `/PAGE` for a worker at `/PAGE/worker.js`. What nodes answer is
// the page's business: it is never kept here, so that nothing stale can pass for an answer of the ledger.
const PAGE = new URL('.', self.location.href).pathname.slice(0, -1);
const CACHE = `attestel-${PAGE.slice(1)}`;
const CONFIG = `${PAGE}/config.json`;
const FILES = `${PAGE}/`;
const WAIT_MS = 4000;

self.addEventListener('install', (event) => {
  event.waitUntil(
    fetch(PAGE, { cache: 'reload' })
      .then(keepPage)
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin !== self.location.origin || event.request.method !== 'GET') return;
  if (pathname === PAGE || pathname === CONFIG) event.respondWith(newest(event, pathname));
  else if (pathname.startsWith(FILES)) event.respondWith(kept(event.request));
});

/** The page with all that it loads, whole or not at all: until its files are here, the one of before stays. */
async function keepPage(page) {
  if (!page.ok) throw new TypeError('page: not served');
  const cache = await caches.open(CACHE);
  const html = await page.clone().text();
  const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
  const files = [...new Set(named.filter((path) => path.startsWith(FILES)))];
  const isHere = await Promise.all(files.map((file) => cache.match(file)));
  await cache.addAll([...files.filter((_, i) => !isHere[i]), CONFIG]);
  await cache.put(PAGE, page);
}

/** From the network where there is one. A node that is being started anew is no reason to stop working. */
async function newest(event, path) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(event.request, { signal: AbortSignal.timeout(WAIT_MS) });
    if (answer.status >= 500) return (await cache.match(path)) ?? answer;
    if (answer.ok && path === PAGE) event.waitUntil(keepPage(answer.clone()).catch(() => undefined));
    else if (answer.ok) await cache.put(path, answer.clone());
    return answer;
  } catch (error) {
    const stored = await cache.match(path);
    if (stored) return stored;
    throw error;
  }
}

/** Files never change under their name. */
async function kept(request) {
  const cache = await caches.open(CACHE);
  const stored = await cache.match(request);
  if (stored) return stored;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}
