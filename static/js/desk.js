// The desk without waiting: keys, and pages swapped in place. All of it works without this.

const find = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const inDesk = (url) => url.origin === location.origin && url.pathname.startsWith(root);
const root = new URL(find("#undo").action).pathname.replace(/undo\/$/, "");

// Puts the page of an answer in the place of this one.
async function show(answer, { push = true } = {}) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = find("#content-start", page);
  if (!answer.url || !fresh || !find("#desk", page)) {
    location.assign(answer.url);
    return;
  }
  if (push && answer.url !== location.href) history.pushState(null, "", answer.url);
  const top = scrollY;
  document.title = page.title;
  find("#content-start").replaceWith(fresh);
  const said = find(".messagelist", fresh);
  said?.setAttribute("role", "status");
  find(".open", fresh)?.setAttribute("tabindex", "-1");
  if (find("#reply-text")) find("#reply-text").focus();
  else {
    scrollTo(0, top);
    find(".slip:has([aria-current])")?.scrollIntoView({ block: "nearest" });
    find(".open", fresh)?.focus({ preventScroll: true });
  }
  prepare();
}

async function go(url, options) {
  document.body.setAttribute("aria-busy", "true");
  try {
    await show(await fetch(url, options), options);
  } catch {
    if (options?.method) throw new Error("It was not sent.");
    location.assign(url);
  } finally {
    document.body.removeAttribute("aria-busy");
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#desk a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href);
  if (!inDesk(url) || url.pathname !== root) return;
  event.preventDefault();
  go(url.href);
});

// A form is sent once; where the network fails, the browser sends it in its own way and says so.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const url = new URL(form.action);
  if (form.method !== "post" || !inDesk(url) || !find("#desk") || /block/.test(url.pathname)) return;
  event.preventDefault();
  if (document.body.hasAttribute("aria-busy")) return;
  const body = new FormData(form, event.submitter);
  go(url.href, { method: "POST", body }).catch(() => {
    form.append(Object.assign(document.createElement("input"), {
      type: "hidden",
      name: event.submitter?.name ?? "",
      value: event.submitter?.value ?? "",
    }));
    form.submit();
  });
});

addEventListener("popstate", () => go(location.href, { push: false }));

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
  u: () => press('.messagelist [form="undo"]'),
  "?": () => find("#keys-help").showModal(),
};

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input:not([type=checkbox]), select, textarea, dialog");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (!find("#desk")?.hasAttribute("data-keys") || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
});

// After each page: what only script can do is put there.
function prepare() {
  const box = find("[data-keys-switch]");
  box?.addEventListener("change", () => box.form.requestSubmit());
  const everything = find("[data-all]");
  everything?.addEventListener("change", () => {
    for (const one of all(".slip input")) one.checked = everything.checked;
  });
}

prepare();
