/* Two minutes before the session ends: are you still there? Other tabs may have kept it open, so the server is asked. */

import { keepTyped } from "./typed.js";

const WARNING = 120;
const dialog = document.getElementById("session-dialog");

if (dialog) {
  const { session, signedOut } = dialog.dataset;
  let timer;

  const plan = (seconds) => {
    clearTimeout(timer);
    const wait = Math.max(seconds - WARNING, 1);
    // A timer of weeks overflows; nobody keeps a page open that long without it being asked again.
    timer = setTimeout(ask, Math.min(wait, 86400) * 1000);
  };

  const left = async (options) => {
    const answer = await fetch(session, { headers: { Accept: "application/json" }, redirect: "manual", ...options });
    return answer.ok ? (await answer.json()).left : 0;
  };

  const ask = async () => {
    let seconds;
    try {
      seconds = await left();
    } catch {
      return plan(WARNING + 30);
    }
    if (seconds <= 0) return leave();
    if (seconds > WARNING + 2) {
      if (dialog.open) dialog.close();
      return plan(seconds);
    }
    if (!dialog.open) dialog.showModal();
    timer = setTimeout(ask, (seconds + 1) * 1000);
  };

  const leave = async () => {
    await keepTyped();
    // Nobody is there to answer "leave this page?", and what is on it must not stay on the screen.
    document.dispatchEvent(new Event("session:over"));
    location.assign(`${signedOut}?next=${encodeURIComponent(location.pathname + location.search)}`);
  };

  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const seconds = await left({ method: "POST", body: new FormData(event.target) });
      if (seconds <= 0) return leave();
      dialog.close();
      plan(seconds);
    } catch {
      leave();
    }
  });

  plan(Number(dialog.dataset.sessionLeft));
}
