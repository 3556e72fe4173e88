// The gallery narrows while one types; the form still works as a form.

export function searchAsTyped() {
  const form = document.querySelector("[data-filter]");
  const list = form && document.getElementById(form.dataset.filter);
  if (!list) return;
  const field = form.elements.namedItem("q");
  field.addEventListener("input", () => {
    const sought = field.value.trim().toLowerCase();
    for (const entry of list.children) entry.hidden = !entry.textContent.toLowerCase().includes(sought);
  });
}
