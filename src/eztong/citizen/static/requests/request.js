// The time that is left to answer, in words. The page stays as it is when it is over: the server decides.
const line = document.querySelector(".time-left");
const shown = line.querySelector("[role=timer]");
const end = performance.now() + Number(line.dataset.seconds) * 1000;

const say = () => {
  const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
  shown.textContent =
    left === 0
      ? line.dataset.over
      : line.dataset.left.replace("{minutes}", Math.floor(left / 60)).replace("{seconds}", left % 60);
  if (left === 0) clearInterval(ticking);
};

const ticking = setInterval(say, 1000);
say();
