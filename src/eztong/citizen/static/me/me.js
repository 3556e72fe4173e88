// What was shown in full is masked again: when its time is over, and at once when the page is no longer looked at.

const shown = document.querySelector("[data-revealed]");

if (shown) {
  const readyAt = Date.now() + Number(shown.dataset.seconds) * 1000;
  const left = shown.querySelector("[data-left]");
  let timer = 0;

  const hide = () => {
    clearTimeout(timer);
    if (shown.hidden) return;
    for (const value of document.querySelectorAll("[data-mask]")) value.textContent = value.dataset.mask;
    const hadFocus = shown.contains(document.activeElement);
    shown.hidden = true;
    const form = document.querySelector("[data-reveal]");
    form.hidden = false;
    document.querySelector("[data-said]").textContent = shown.dataset.hiddenAgain;
    if (hadFocus) form.querySelector("button").focus();
  };

  const tick = () => {
    const seconds = Math.ceil((readyAt - Date.now()) / 1000);
    if (seconds <= 0) {
      hide();
      return;
    }
    left.textContent = left.dataset.left.replace("{seconds}", String(seconds));
    timer = setTimeout(tick, 250);
  };

  shown.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    hide();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") hide();
  });
  addEventListener("pagehide", hide);
  tick();
}
