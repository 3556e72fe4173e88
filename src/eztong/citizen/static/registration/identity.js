// Name and number: a key for the dot, help with rare characters, and at once what the service would say.

import { ageOn, readNumber } from "./citizen-number.js";
import { keepGrouped } from "./grouped-digits.js";

const DOT = "·";
// What people type for the dot of a multi-part name. A full stop is one only between two Han characters.
const DOTS = /[•‧・⋅∙●᛫⸱･·]|(?<=\p{Script=Han})[．.。](?=\p{Script=Han})/gu;
const RARE = /[\u3400-\u4dbf\u{20000}-\u{3ffff}\ue000-\uf8ff]/u;
const CODE_POINT = /^(?:U\+?|0x|&#x)?([0-9a-f]{4,6});?$/i;
// Region, birth date, order and check digit: as the card has them for whoever compares.
const GROUPS = [6, 8, 4];
const ADULT = 18;
const CHILD = 14;

const form = document.querySelector("form.identity");
const nameField = form.querySelector("#name");
const numberField = form.querySelector("#number");
const said = form.querySelector("#number-said");
const points = form.querySelector("#name-points");
const words = said.dataset;

const insert = (text) => {
  const { selectionStart: from, selectionEnd: to, value } = nameField;
  nameField.value = value.slice(0, from) + text + value.slice(to);
  nameField.setSelectionRange(from + text.length, from + text.length);
  nameField.focus();
  showPoints();
};

const showPoints = () => {
  const rare = [...nameField.value].filter((character) => RARE.test(character));
  points.textContent = rare.map((character) => `${character} U+${character.codePointAt(0).toString(16).toUpperCase()}`).join("   ");
};

const sayOf = ({ state, birth, number }) => {
  if (state === "short") return words.short.replace("{left}", String(18 - number.length));
  if (state !== "ok" && state !== "legacy") return words[state] ?? "";
  const age = ageOn(birth, words.today);
  const kind = age < CHILD ? words.child : age < ADULT ? words.minor : words.adult;
  return (state === "legacy" ? `${words.legacy} ` : "") + kind.replace("{age}", String(age));
};

const WRONG = new Set(["look_alike", "character", "long", "region", "century", "date", "check"]);

const check = () => {
  const read = readNumber(numberField.value, words.today);
  said.textContent = sayOf(read);
  said.dataset.tone = WRONG.has(read.state) ? "wrong" : read.state === "ok" ? "right" : "";
};

form.querySelectorAll("[hidden][data-with-script]").forEach((part) => {
  part.hidden = false;
});
form.querySelector(".dot-key").addEventListener("click", () => insert(DOT));
form.querySelector(".insert-point").addEventListener("click", () => {
  const field = form.querySelector("#code-point");
  const found = CODE_POINT.exec(field.value.trim());
  const value = found ? parseInt(found[1], 16) : 0;
  field.setAttribute("aria-invalid", String(!found || value > 0x10ffff));
  if (found && value <= 0x10ffff) {
    insert(String.fromCodePoint(value));
    field.value = "";
  }
});
nameField.addEventListener("input", showPoints);
nameField.addEventListener("change", () => {
  nameField.value = nameField.value.replace(DOTS, DOT);
  showPoints();
});
// What the service said about the number stands until another one is typed; the hint would only say it again.
const refused = form.querySelector("#number-error");
numberField.addEventListener("input", () => {
  refused?.remove();
  numberField.removeAttribute("aria-invalid");
  numberField.closest(".field").classList.remove("has-error");
  check();
});
keepGrouped(numberField, GROUPS);
showPoints();
if (!refused) check();
