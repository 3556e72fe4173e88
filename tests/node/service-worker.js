// Runs the service worker against a browser whose storage or network fails in one way. Input and output are JSON.

const { readFileSync } = require("node:fs");
const { runInNewContext } = require("node:vm");

const { file, mode, method, request, faults } = JSON.parse(readFileSync(0, "utf8"));
const handlers = {};
const never = new Promise(() => {});
const answer = (name, value) =>
  ({ rejects: () => Promise.reject(new Error("QuotaExceededError")), hangs: () => never }[faults[name]] ?? (() => Promise.resolve(value)))();
const store = { match: () => answer("match", new Response("offline page")), put: () => answer("put") };

runInNewContext(readFileSync(file, "utf8"), {
  URL,
  Response,
  location: { origin: "https://eid.example" },
  self: { addEventListener: (name, handler) => (handlers[name] = handler) },
  caches: { open: () => answer("open", store), match: () => answer("match", undefined) },
  fetch: () => answer("fetch", new Response("the service's page", { headers: { "Content-Language": "en" } })),
});

let answered;
handlers.fetch({
  request: { method: method ?? "GET", mode, url: `https://eid.example${request}` },
  respondWith: (promise) => (answered = promise),
  waitUntil: () => {},
});

const late = new Promise((resolve) => setTimeout(() => resolve(new Response("nothing within a second")), 1000));
Promise.race([answered ?? new Response("left to the browser"), late])
  .then((response) => response.text(), () => "the browser's own error page")
  .then((text) => process.stdout.write(JSON.stringify(text), () => process.exit(0)));
