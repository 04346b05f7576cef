// Helps for reading and answering. Each stands alone and is silent when it fails.

const find = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const make = (tag, facts) => Object.assign(document.createElement(tag), facts);
const talk = find("#comments");
const respond = find("#respond");
const form = respond && find("form", respond);
const text = form && find("textarea", form);
const parent = form && find("[name=parent]", form);

function quietly(part) {
  return (event) => {
    try {
      part(event);
    } catch {}
  };
}

function tickBox(row, words, checked) {
  const box = make("input", { type: "checkbox", checked });
  const label = make("label");
  label.append(box, words);
  row.append(label);
  return box;
}

const on = (target, type, part) => target.addEventListener(type, quietly(part));

const kept = {
  get: (name) => JSON.parse(localStorage.getItem(`colloquy ${name}`)),
  set(name, value) {
    if (value) localStorage.setItem(`colloquy ${name}`, JSON.stringify(value));
    else localStorage.removeItem(`colloquy ${name}`);
  },
};

// A draft for each post and comment answered, until it is accepted.
const draft = () => `draft ${new URL(form.action).pathname} ${parent.value}`;

function forgetSent() {
  const sent = sessionStorage.getItem("colloquy sent");
  sessionStorage.removeItem("colloquy sent");
  if (sent && find("[data-accepted]")) kept.set(sent);
}

function keepDrafts() {
  const said = find("[data-kept]", form);
  const keep = () => kept.set(draft(), text.value);
  on(text, "focus", () => delete text.dataset.still);
  on(text, "input", () => {
    keep();
    if (text.value) said.textContent = said.dataset.kept;
  });
  on(form, "submit", (event) => {
    form.seconds.value = event.timeStamp / 1e3;
    if (event.submitter.value === "post") sessionStorage.setItem("colloquy sent", draft());
  });
  if (text.defaultValue) keep();
  else if (kept.get(draft())) {
    text.dataset.still = "";
    text.value ||= kept.get(draft());
  }
}

// The form moves under the comment answered; what is typed goes with it.
function moveForm() {
  const home = respond.parentNode;
  let quotation = find("blockquote", form);
  let back = find("[data-back]", form);
  let opener = text;

  const answer = (number, name, words) => {
    const before = draft();
    parent.value = number;
    find("h2", respond).textContent = number
      ? respond.dataset.to.replace("{name}", () => name)
      : respond.dataset.alone;
    quotation?.remove();
    back?.remove();
    if (number) {
      quotation = make("blockquote", { className: "comment", dir: "auto", textContent: words });
      back = make("button", { type: "button", textContent: respond.dataset.back });
      back.dataset.back = "";
      parent.before(quotation);
      find("[data-kept]", form).before(back);
    }
    quietly(() => {
      const other = kept.get(draft());
      if (!other) kept.set(before);
      text.value = other ?? text.value;
      kept.set(draft(), text.value);
    })();
  };

  const leave = (event) => {
    event.preventDefault();
    answer("");
    home.append(respond);
    opener.focus();
  };

  on(document, "click", (event) => {
    const link = event.target.closest("a, [data-back]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const comment = link.closest(".comment");
    if (comment && link.search?.startsWith("?reply=")) {
      event.preventDefault();
      const said = find(".said", comment).textContent.trim();
      const words = said.length > 200 ? `${said.slice(0, 199)}…` : said;
      answer(link.search.slice(7), find(".who", comment).textContent, words);
      comment.after(respond);
      opener = link;
      text.focus();
    } else if (link === back) leave(event);
    else if (link.hash === "#respond" && respond.parentNode !== home) {
      opener = text;
      leave(event);
    }
  });
  on(form, "keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && parent.value) leave(event);
  });
}

function rememberWriter() {
  const row = find("[data-remember]", form);
  const fields = ["name", "email", "url"].map((name) => form.elements[name]);
  const known = kept.get("writer");
  fields.forEach((field, i) => (field.value ||= known?.[i] ?? ""));
  const box = tickBox(row, row.dataset.remember, known);
  on(form, "input", () => {
    kept.set("writer", box.checked && fields.map((field) => field.value));
  });
}

function readErrors() {
  all(".form").forEach((one) => (one.noValidate = true));
  // Not before: going to #respond takes the focus away.
  on(window, "load", () => find("[role=alert]").focus());
}

// A link into a folded thread.
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = () => target.closest("details:not([open])");
  if (!folded()) return;
  while (folded()) folded().open = true;
  target.scrollIntoView();
}

// "2 days ago" before a date, where there is room.
function tellAges() {
  const minutes = (time) => Math.max(0, (Date.now() - Date.parse(time.dateTime)) / 6e4);
  const recent = all(".comment > header time").filter((time) => minutes(time) < 30 * 1440);
  if (!recent.length) return;
  const say = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  const heights = recent.map((time) => time.parentNode.offsetHeight);
  for (const time of recent) {
    const age = minutes(time);
    const [unit, size] = age < 60 ? ["minute", 1] : age < 1440 ? ["hour", 60] : ["day", 1440];
    time.title = time.textContent;
    time.firstChild.data = `${say.format(-Math.floor(age / size), unit)} · ${time.title}`;
  }
  recent
    .filter((time, i) => time.parentNode.offsetHeight > heights[i])
    .forEach((time) => (time.firstChild.data = time.title));
}

function markNew() {
  const places = all("li[id]", talk);
  const { [location.pathname]: before, ...seen } = kept.get("seen") ?? {};
  const latest = Object.entries(seen).slice(-200);
  latest.push([location.pathname, places.map(({ id }) => id)]);
  kept.set("seen", Object.fromEntries(latest));
  const mine = `c${new URLSearchParams(location.search).get("posted")}`;
  const fresh = before ? places.filter(({ id }) => id !== mine && !before.includes(id)) : [];
  for (const place of fresh) {
    place.classList.add("new");
    const mark = make("span", { className: "badge", textContent: talk.dataset.new });
    find(".comment > footer", place)?.append(mark);
  }
  if (!fresh.length) return;
  const textContent = talk.dataset.news.replace("{count}", fresh.length);
  find("header", talk).prepend(make("a", { className: "news", href: `#${fresh[0].id}`, textContent }));
}

// j and k, for those who switch them on.
function listenToKeys() {
  const row = make("li");
  find(".colophon ul").append(row);
  const box = tickBox(row, ` ${talk.dataset.keys}`, kept.get("keys"));
  on(box, "change", () => kept.set("keys", box.checked));
  on(document, "keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key];
    const isTyping = event.target.matches("input:not([type=checkbox]), select, textarea");
    if (!step || !box.checked || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const numbers = all(".no", talk).filter((number) => number.checkVisibility());
    const current = document.activeElement.closest(".comment");
    const here = numbers.findIndex((number) => current?.contains(number));
    const above = numbers.filter((number) => number.getBoundingClientRect().top < 1).length;
    numbers[here < 0 ? above + Math.min(step, 0) : here + step]?.focus();
  });
}

const parts = [forgetSent, readErrors];
if (form) parts.push(rememberWriter, keepDrafts, moveForm);
if (talk) parts.push(markNew, tellAges, unfold, listenToKeys);
parts.forEach((part) => quietly(part)());
on(window, "hashchange", unfold);
