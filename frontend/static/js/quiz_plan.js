// What each section of a quiz finds, asked again while its author changes the form. Without it the table is as saved.
const PAUSE = 400;

const follow = (table) => {
  const form = table.closest("form");
  let waiting, asked;

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(table.dataset.quizFound, { method: "POST", body: new FormData(form), signal: asked.signal });
      if (answer.ok) table.innerHTML = await answer.text();
    } catch {
      // The line is down, or a newer question is on its way: what is shown stays.
    }
  };

  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  };

  for (const event of ["input", "change", "click"]) form.addEventListener(event, soon);
};

addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-quiz-found]").forEach(follow));
