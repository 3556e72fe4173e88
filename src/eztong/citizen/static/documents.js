// Says when the end of a document has been reached. Nothing depends on it.

const MARGIN = 8;

document.querySelectorAll(".paper").forEach((paper) => {
  const hint = paper.parentElement.querySelector(".paper-hint");
  const look = () => {
    const atEnd = paper.scrollTop + paper.clientHeight >= paper.scrollHeight - MARGIN;
    if (atEnd) hint.textContent = hint.dataset.end;
  };
  paper.addEventListener("scroll", look, { passive: true });
  look();
});
