// A form is on its way, or a link was followed: a script that goes somewhere itself meanwhile would cancel that, and what
// the service answered would be lost. Whoever navigates by news asks here first.

// So long a page may be left without being left: the answer was a download, or somebody pressed Stop.
export const STAYED = 10000;

let leftAt = -Infinity;

export const isLeaving = () => performance.now() - leftAt < STAYED;

const leave = (event) => {
  if (!event.defaultPrevented) leftAt = performance.now();
};

addEventListener("submit", leave);
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (link && ["", "_self"].includes(link.target) && !link.download && !link.getAttribute("href").startsWith("#")) leave(event);
});
// It came back as it was left.
addEventListener("pageshow", () => {
  leftAt = -Infinity;
});
