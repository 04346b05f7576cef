// The desk without waiting: keys, and pages swapped in place. All of it works without this.

const find = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const root = new URL(find("#undo").action).pathname.replace(/undo\/$/, "");
const inDesk = (url) => url.origin === location.origin && url.pathname.startsWith(root);
const page = (url) => url.split("#")[0];
const isNarrow = matchMedia("(width < 48rem)");
const UNDO = '.messagelist [form="undo"]';
const COUNTED = "#nav-sidebar .model-moderation a"; // says how many wait

let shown = page(location.href);
const lastUndo = (from) => all(UNDO, from).at(-1);
let undoable = lastUndo()?.value; // u takes it back when its button has gone from the page
let going; // the request under way

// Speaks what a new page says above the comment: such a region must be there before its words.
const voice = document.createElement("div");
voice.className = "visually-hidden";
voice.setAttribute("role", "status");
document.body.append(voice);

// Puts the page of an answer in the place of this one. Throws where a form was not taken.
async function show(answer, { push, form }) {
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = find("#content-start", parsed);
  const isAnswer = form && !answer.redirected;
  if (!fresh || !(find("#desk", parsed) || (isAnswer && answer.ok))) {
    if (isAnswer || (form && !inDesk(new URL(answer.url)))) throw new Error("It was not taken.");
    location.assign(answer.url);
    return;
  }
  if (!isAnswer) {
    shown = page(answer.url);
    if (push && shown !== page(location.href)) history.pushState(null, "", shown);
  }
  const ticked = new Set(all(".slip input:checked").map((box) => box.value));
  const before = { top: scrollY, queue: find(".queue-pane")?.scrollTop ?? 0 };
  document.title = parsed.title;
  find("#content-start").replaceWith(fresh);
  for (const box of all(".slip input")) box.checked = ticked.has(box.value);
  undoable = lastUndo()?.value ?? undoable;
  const [entry, now] = [find(COUNTED), find(COUNTED, parsed)];
  if (entry && now) entry.textContent = now.textContent;
  count();
  place(before);
  look(form);
}

// Keeps both scrolls where they were, as long as what matters is seen.
function place({ top, queue }) {
  const said = find(".messagelist");
  if (said && isNarrow.matches) find(".panes, .empty")?.before(said);
  scrollTo(0, top);
  const target = said ?? find(".open") ?? find("#content-start");
  const edge = target.getBoundingClientRect().top;
  if (edge < 0 || edge > innerHeight / 2) target.scrollIntoView();
  const pane = find(".queue-pane");
  const slip = find(".slip:has([aria-current])")?.getBoundingClientRect();
  if (!pane) return;
  pane.scrollTop = queue;
  const frame = pane.getBoundingClientRect();
  const [above, below] = [Math.max(frame.top, 0), Math.min(frame.bottom, innerHeight)];
  if (slip && (slip.top - queue < above || slip.bottom - queue > below)) {
    pane.scrollTop = slip.top - frame.top - Math.max(0, below - above) / 3;
  }
}

// The focus goes to what is to be read next, and what was said is spoken.
function look(form) {
  const open = find(".open");
  open?.setAttribute("tabindex", "-1");
  const error = find("#reply [role=alert]");
  const said = all(".messagelist li").map((one) => one.firstChild.textContent);
  if (!error) voice.textContent = said.join(" ");
  const field = find("#reply-text");
  if (field) {
    field.value ||= sessionStorage.getItem(draft(field.form)) ?? "";
    field.focus();
  } else if (form && find("[data-keys-switch]", form)) find("[data-keys-switch]").focus();
  else (open ?? find("#content-start")).focus({ preventScroll: true });
}

// An answer that is not sent yet is kept in this tab, for the comment that it answers.
const draft = (form) => `reply ${form.elements.c.value.split(".")[0]}`;
addEventListener("input", ({ target }) => {
  if (target.id === "reply-text") sessionStorage.setItem(draft(target.form), target.value);
});

// Asks for a page, or sends a form. A form is sent once, and nothing is asked for meanwhile.
async function go(url, { push = true, form, body } = {}) {
  if (going && (form || going.form)) return;
  going?.abort();
  const mine = Object.assign(new AbortController(), { form });
  going = mine;
  document.body.setAttribute("aria-busy", "true");
  try {
    const options = form ? { method: "POST", body } : {};
    const answer = await fetch(url, { ...options, signal: mine.signal });
    await show(answer, { push, form });
    if (form?.id === "reply" && answer.redirected) sessionStorage.removeItem(draft(form));
  } catch (error) {
    if (form) complain(form);
    else if (error.name !== "AbortError") location.assign(url);
  } finally {
    if (going === mine) {
      going = null;
      document.body.removeAttribute("aria-busy");
    }
  }
}

// What was typed stays where it is.
function complain(form) {
  find(".unsent")?.remove();
  const words = document.createElement("p");
  words.className = "errors unsent";
  words.setAttribute("role", "alert");
  (form.hidden ? find("#desk") : form).prepend(words);
  words.textContent = find("#desk").dataset.unsent;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#desk a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href);
  if (!inDesk(url) || url.pathname !== root) return;
  event.preventDefault();
  go(url.href);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const url = new URL(form.action);
  if (form.method !== "post" || !inDesk(url) || !find("#desk")) return;
  event.preventDefault();
  go(url.href, { form, body: new FormData(form, event.submitter) });
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-keys-switch]")) target.form.requestSubmit();
  if (target.matches(".slip input") && !target.checked) find("[data-all]").checked = false;
  if (target.matches("[data-all]")) {
    for (const box of all(".slip input")) box.checked = target.checked;
  }
  count();
});

// Says how many are ticked, beside the buttons that are about them.
function count() {
  const said = find("[data-ticked]");
  const ticked = all(".slip input:checked").length;
  if (said) said.textContent = ticked ? said.dataset.ticked.replace("#", ticked) : "";
}

addEventListener("popstate", () => {
  if (page(location.href) !== shown) go(location.href, { push: false });
});

function undo() {
  const button = lastUndo() ?? document.createElement("button");
  if (!button.form && undoable) {
    Object.assign(button, { name: "decision", value: undoable, hidden: true });
    find("#undo").append(button);
  }
  if (button.form) button.click();
  undoable = null;
}

const press = (selector) => find(selector)?.click();
const KEYS = {
  j: () => press('#desk [rel="next"][data-key]'),
  k: () => press('#desk [rel="prev"][data-key]'),
  p: () => press('#desk .acts [value="publish"]'),
  s: () => press('#desk .acts [value="mark_spam"]'),
  d: () => press('#desk .acts [value="remove"]'),
  h: () => press('#desk .acts [value="hold"]'),
  r: () => press('#desk [data-key="r"]'),
  e: () => press('#desk [data-key="e"]'),
  x: () => press(".slip:has([aria-current]) input"),
  u: undo,
  "?": () => find("#keys-help").showModal(),
};

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input:not([type=checkbox]), select, textarea, dialog");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (!find("#desk")?.hasAttribute("data-keys") || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
});
