// In a list that has the focus, j and k go down and up, and Enter opens, as on any link. Nowhere else do keys mean
// anything, so that nobody who types or dictates sets something off.
const STEPS = { j: 1, k: -1 };

document.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
  const rows = [...document.querySelectorAll('table[data-rows] th[scope="row"] a')];
  const at = rows.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  rows[at + step]?.focus();
});

// What is pressed twice is done once by the service in any case; a second press here does not even leave, so that the
// first one's answer is what is seen.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (!("again" in form.dataset)) form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
