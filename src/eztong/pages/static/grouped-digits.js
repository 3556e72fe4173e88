// A number is grouped as it is typed, as it stands on the card that it is read from. Blanks count for nothing: the
// service takes them out. What cannot be such a number is left as it was typed.

const NUMBER = /^[0-9Xx ]*$/;

// Returns the characters in groups of these sizes, the last group without a blank behind it.
export const group = (plain, sizes) => {
  const parts = [];
  let from = 0;
  for (const size of sizes) {
    if (from >= plain.length) break;
    parts.push(plain.slice(from, from + size));
    from += size;
  }
  return parts.join(" ");
};

export const keepGrouped = (input, sizes) => {
  const most = sizes.reduce((sum, size) => sum + size, 0);

  const regroup = (event) => {
    const { value, selectionStart } = input;
    const plain = value.replaceAll(" ", "");
    if (event?.isComposing || !NUMBER.test(value) || plain.length > most) return;
    const text = group(plain, sizes);
    if (text === value) return;
    const before = value.slice(0, selectionStart).replaceAll(" ", "").length;
    input.value = text;
    const caret = group(plain.slice(0, before), sizes).length;
    input.setSelectionRange(caret, caret);
  };

  input.addEventListener("input", regroup);
  regroup();
};
