// The print button; without script the browser's own menu prints the same.
const button = document.querySelector("[data-print]");
if (button !== null) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
