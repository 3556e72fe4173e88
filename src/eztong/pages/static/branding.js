// The preview follows what is typed. Colours come by stylesheet from the server, which knows which of them can be read.

const form = document.querySelector("form[data-branding]");
const words = ["service", "title", "lead"];

if (form) {
  const usual = new Map();
  for (const part of document.querySelectorAll("[data-show]")) {
    usual.set(part, part.tagName === "IMG" ? part.src : part.textContent);
  }

  const parts = (name, language) =>
    document.querySelectorAll(`[data-preview${language ? `="${language}"` : ""}] [data-show="${name}"]`);

  const shown = { zh: "zh-CN", en: "en" };
  for (const name of words) {
    for (const [ending, language] of Object.entries(shown)) {
      const field = form.elements[`${name}_${ending}`];
      field.addEventListener("input", () => {
        for (const part of parts(name, language)) part.textContent = field.value.trim() || usual.get(part);
      });
    }
  }

  const unfit = document.querySelector("[data-unfit]");
  const screens = document.querySelector(".screens");
  const accent = form.elements.accent;
  accent.addEventListener("input", () => {
    const colour = /^#([0-9a-f]{6})$/.exec(accent.value.trim().toLowerCase());
    unfit.hidden = true;
    if (!colour) return;
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.dataset.scope = "";
    link.href = form.dataset.scopeUrl.replace("000000", colour[1]);
    link.addEventListener("load", () => {
      const others = [...document.querySelectorAll("link[data-scope]")].filter((other) => other !== link);
      for (const other of others) other.disabled = true;
      const fits = getComputedStyle(screens).getPropertyValue("--accent-of").trim() === colour[0];
      for (const other of others) other.disabled = false;
      for (const other of fits ? others : [link]) other.remove();
      unfit.hidden = fits;
    });
    document.head.append(link);
  });

  const mark = form.elements.mark;
  mark.addEventListener("change", () => {
    const [file] = mark.files;
    if (!file) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      for (const part of parts("mark")) part.src = reader.result;
    });
    reader.readAsDataURL(file);
  });
}
