// Every citizen page: keeps the offline page at hand, and shows that a form is on its way.

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});

addEventListener("submit", ({ target }) => target.setAttribute("aria-busy", "true"));
// A page that comes back as it was left, and a download that left the page, are at rest.
const rest = () => document.querySelectorAll("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy"));
addEventListener("pageshow", rest);
addEventListener("focus", rest);
