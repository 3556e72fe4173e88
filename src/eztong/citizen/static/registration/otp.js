// «Send again» waits as long as the service would make it wait, and says for how long.

const button = document.querySelector("[data-resend-in]");

if (button) {
  const plain = button.textContent;
  const readyAt = performance.now() + Number(button.dataset.resendIn) * 1000;
  const tick = () => {
    const left = Math.ceil((readyAt - performance.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? button.dataset.waiting.replace("{seconds}", String(left)) : plain;
    if (left > 0) setTimeout(tick, 250);
  };
  tick();
}
