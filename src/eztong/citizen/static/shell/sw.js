// The service worker: says honestly that there is no network. It keeps the offline pages and the hashed static files,
// and nothing that is about a person: no page, no code, no answer of the service.

const STORE = "eztong-offline-1";
const LANGUAGES = ["zh-CN", "en"];
const SPOKEN = "/offline/language";
const NOT_OURS = /^\/(desk|console|sandbox|v1|docs|oidc|tencentcloud)(\/|$)/;

const offlinePage = (language) => `/offline?lang=${language}`;

const keep = async () => {
  const store = await caches.open(STORE);
  for (const language of LANGUAGES) {
    const page = await fetch(offlinePage(language), { credentials: "omit" });
    if (!page.ok) throw new Error("no offline page");
    const html = await page.clone().text();
    await store.put(offlinePage(language), page);
    const files = new Set([...html.matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)].map((found) => found[1]));
    await store.addAll([...files]);
  }
};

const forget = async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== STORE).map((name) => caches.delete(name)));
};

// Best effort: storage may be full, blocked or slow, and none of that is a reason to keep a page from anybody.
const remember = async (language) => {
  if (!LANGUAGES.includes(language)) return;
  const store = await caches.open(STORE);
  await store.put(SPOKEN, new Response(language));
};

const keptPage = async () => {
  const store = await caches.open(STORE);
  const spoken = await store.match(SPOKEN).catch(() => undefined);
  return store.match(offlinePage(spoken ? await spoken.text() : LANGUAGES[0]));
};

// The offline page stands for one thing only: the service could not be reached.
const open = async (event) => {
  let page;
  try {
    page = await fetch(event.request);
  } catch (error) {
    const kept = await keptPage().catch(() => undefined);
    if (kept) return kept;
    throw error;
  }
  event.waitUntil(remember(page.headers.get("Content-Language")).catch(() => {}));
  return page;
};

const file = async (request) => (await caches.match(request).catch(() => undefined)) || fetch(request);

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forget().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin !== location.origin || NOT_OURS.test(pathname)) return;
  // A pressed button is a navigation by POST; it goes to the service as it is, once.
  if (event.request.mode === "navigate") event.respondWith(open(event));
  else if (event.request.method === "GET" && pathname.startsWith("/static/")) event.respondWith(file(event.request));
});
