// The camera fills in the form and sends it: what is ours and what is not is the server's decision, as for a typed link.
import { wireCamera } from "./camera.js";

const section = document.querySelector("[data-scan]");
const form = document.getElementById("by-link");

section.hidden = false;
wireCamera({
  button: section.querySelector("[data-camera]"),
  panel: section.querySelector(".camera"),
  csrf: form.elements.csrf.value,
  onScan: (text) => {
    form.elements.link.value = text;
    form.submit();
  },
});
