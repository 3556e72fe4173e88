// Says when the end of a document has been reached, and keeps the button inert until both boxes are ticked. Nothing
// depends on it: without script the button works, and the server asks for both ticks either way.

const MARGIN = 8;

document.querySelectorAll(".paper").forEach((paper) => {
  const hint = paper.parentElement.querySelector(".paper-hint");
  const look = () => {
    const atEnd = paper.scrollTop + paper.clientHeight >= paper.scrollHeight - MARGIN;
    if (!atEnd) return;
    hint.textContent = hint.dataset.end;
    paper.parentElement.querySelector("[data-end-of]").value = "yes";
  };
  paper.addEventListener("scroll", look, { passive: true });
  look();
});

const form = document.querySelector("form.ticks");
const boxes = [...form.querySelectorAll("input[type=checkbox]")];
const button = form.querySelector(".button.primary");
const reason = form.querySelector(".until-ticked");

const weigh = () => {
  const ready = boxes.every((box) => box.checked);
  button.disabled = !ready;
  if (ready) button.removeAttribute("aria-describedby");
  else button.setAttribute("aria-describedby", reason.id);
};

form.addEventListener("change", weigh);
// A page out of the browser's cache comes back with its ticks.
window.addEventListener("pageshow", weigh);
weigh();
