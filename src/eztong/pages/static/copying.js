// Buttons that copy what stands beside them. They are hidden in the page and shown here: without script they do nothing.

const SHOWN_MS = 1500;

export function offerCopying(root) {
  // Browsers give the clipboard to secure contexts only (https, or this very machine).
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.querySelector("span");
  const before = words.textContent;
  if (before === button.dataset.done) return;
  words.textContent = button.dataset.done;
  words.setAttribute("role", "status");
  setTimeout(() => { words.textContent = before; }, SHOWN_MS);
}
