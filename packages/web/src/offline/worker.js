// Keeps the page itself for places without a network. Proofs are the page's business: they are never kept here,
// so that nothing stale can pass for an answer of the ledger.
const CACHE = 'attestel-installer';
const PAGE = '/installer';
const CONFIG = '/installer/config.json';
const WAIT_MS = 4000;

self.addEventListener('install', (event) => {
  event.waitUntil(keepPage().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin !== self.location.origin || event.request.method !== 'GET') return;
  if (pathname === PAGE || pathname === CONFIG) event.respondWith(newest(event.request, pathname));
  else if (pathname.startsWith('/installer/')) event.respondWith(kept(event.request));
});

/** The page with all that it loads, whole or not at all. */
async function keepPage() {
  const cache = await caches.open(CACHE);
  const page = await fetch(PAGE, { cache: 'reload' });
  const html = await page.clone().text();
  const files = [...html.matchAll(/(?:src|href)="(\/installer\/[^"]+)"/g)].map(([, path]) => path);
  await cache.addAll([...new Set(files), CONFIG]);
  await cache.put(PAGE, page);
}

/** From the network where there is one; a new page brings its files along. */
async function newest(request, path) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(WAIT_MS) });
    if (answer.ok) await cache.put(path, answer.clone());
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
