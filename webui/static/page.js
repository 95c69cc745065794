// Optional comfort: every page works without scripts. One file without dependencies.
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const rtl = document.documentElement.dir === "rtl";
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const show = (element) =>
    element.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });

  // Keyboard shortcuts: / j k n p ?. They are off in text fields, where they are letters.
  const keys = $("#keys");
  const titles = $$(".hit h2 a");
  let title = -1;
  const walkTitles = (step) => {
    if (!titles.length) {
      const link = $(step > 0 ? 'a[rel="next"]' : 'a[rel="prev"]');
      if (link) link.click();
      return;
    }
    const focused = titles.indexOf(document.activeElement);
    title = Math.min(Math.max((focused < 0 ? title : focused) + step, 0), titles.length - 1);
    titles[title].focus({ preventScroll: true });
    show(titles[title]);
  };
  const marks = $$("mark[id]");
  let mark = -1;
  const toMark = (number) => {
    if (!marks.length) return;
    mark = (number + marks.length) % marks.length;
    $$(".now").forEach((element) => element.classList.remove("now"));
    marks[mark].classList.add("now");
    const link = $(`.hits a[href="#${marks[mark].id}"]`);
    if (link) link.classList.add("now");
    show(marks[mark]);
  };
  $$(".hits a").forEach((link) =>
    link.addEventListener("click", (event) => {
      event.preventDefault();
      toMark(marks.findIndex((element) => `#${element.id}` === link.hash));
    }),
  );
  const actions = {
    "/": () => { const box = $("form.q input"); box.focus(); box.select(); },
    j: () => walkTitles(1),
    k: () => walkTitles(-1),
    n: () => toMark(mark + 1),
    p: () => toMark(mark < 0 ? -1 : mark - 1),
    "?": () => keys.showModal(),
  };
  // The letters that the same keys have on an Arabic keyboard.
  const arabic = { "ت": "j", "ن": "k", "ى": "n", "ح": "p", "؟": "?", "ظ": "/" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const action = actions[arabic[event.key] || event.key];
    if (action) { event.preventDefault(); action(); }
  });

  // A menu closes on a click outside it, and on Escape.
  document.addEventListener("click", (event) => {
    for (const menu of $$("details.menu[open], details.cite[open]"))
      if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of $$("details.menu[open], details.cite[open]")) {
      menu.open = false;
      $("summary", menu).focus();
    }
  });

  // Buttons that copy a citation; hidden where the browser has no clipboard.
  for (const button of $$("button.copy")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = document.body.dataset.copied;
    });
  }

  // Completions under the search box: an ARIA combobox over /suggest.
  for (const form of $$("form.q")) {
    const box = $("input[type=search]", form);
    const list = document.createElement("ul");
    list.className = "suggest";
    list.id = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", document.body.dataset.suggestions);
    form.append(list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
    })) box.setAttribute(name, value);
    let chosen = -1, timer = 0, asked = null, typed = "";
    const close = () => {
      list.hidden = true; chosen = -1;
      box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant");
    };
    const choose = (number) => {
      const options = $$("li", list);
      options.forEach((option) => option.setAttribute("aria-selected", "false"));
      chosen = number < -1 ? options.length - 1 : number >= options.length ? -1 : number;
      box.value = chosen < 0 ? typed : options[chosen].dataset.text;
      if (chosen < 0) { box.removeAttribute("aria-activedescendant"); return; }
      options[chosen].setAttribute("aria-selected", "true");
      box.setAttribute("aria-activedescendant", options[chosen].id);
    };
    const fill = (texts, notes) => {
      list.replaceChildren(...texts.map((text, number) => {
        const option = document.createElement("li");
        const name = document.createElement("bdi"), note = document.createElement("span");
        name.textContent = text; note.textContent = notes[number] || "";
        option.append(name, note);
        option.id = `suggestion-${number}`; option.dataset.text = text;
        option.setAttribute("role", "option"); option.setAttribute("aria-selected", "false");
        option.addEventListener("mousedown", (event) => event.preventDefault());
        option.addEventListener("click", () => { box.value = text; form.requestSubmit(); });
        return option;
      }));
      list.hidden = !texts.length;
      box.setAttribute("aria-expanded", String(!list.hidden));
      chosen = -1;
    };
    box.addEventListener("input", () => {
      typed = box.value;
      clearTimeout(timer);
      if (asked) asked.abort();
      if (typed.trim().length < 2) { close(); return; }
      timer = setTimeout(async () => {
        asked = new AbortController();
        try {
          const query = new URLSearchParams({ q: typed, lang: document.documentElement.lang });
          const answer = await fetch(`/suggest?${query}`, { signal: asked.signal });
          if (!answer.ok) return;
          const [, texts, notes] = await answer.json();
          if (document.activeElement === box) fill(texts, notes);
        } catch (error) { if (error.name !== "AbortError") close(); }
      }, 90);
    });
    box.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
      if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen - 1); }
      if (event.key === "Escape") { event.preventDefault(); box.value = typed; close(); }
    });
    box.addEventListener("blur", () => setTimeout(close, 100));
  }

  // Dragging over the bars of the chart selects a range of dates.
  const pad = (number, length = 2) => String(number).padStart(length, "0");
  const valueAt = (svg, slot) => {
    const first = svg.dataset.first;
    if (svg.dataset.interval === "year") return pad(Number(first) + slot, 4);
    if (svg.dataset.interval === "month") {
      const month = Number(first.slice(0, 4)) * 12 + Number(first.slice(5, 7)) - 1 + slot;
      return `${pad(Math.floor(month / 12), 4)}-${pad((month % 12) + 1)}`;
    }
    const day = new Date(`${first}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + slot);
    return day.toISOString().slice(0, 10);
  };
  for (const svg of $$(".timeline svg")) {
    const form = $("form.dates", svg.closest("figure"));
    if (!form) continue;
    const slots = Number(svg.dataset.slots);
    const width = svg.viewBox.baseVal.width / slots;
    const brush = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    brush.setAttribute("class", "brush");
    brush.setAttribute("height", "100%");
    let from = -1, to = -1;
    const slotAt = (event) => {
      const place = svg.getBoundingClientRect();
      const at = Math.floor(((event.clientX - place.left) / place.width) * slots);
      const inside = Math.min(Math.max(at, 0), slots - 1);
      return rtl ? slots - 1 - inside : inside;
    };
    const draw = () => {
      const low = Math.min(from, to), high = Math.max(from, to);
      brush.setAttribute("x", (rtl ? slots - 1 - high : low) * width);
      brush.setAttribute("width", (high - low + 1) * width);
    };
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener("pointerdown", (event) => { if (event.button === 0) from = to = slotAt(event); });
    svg.addEventListener("pointermove", (event) => {
      if (from < 0 || !event.buttons) return;
      to = slotAt(event);
      if (to !== from) {
        if (!svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
        svg.append(brush);
        draw();
      }
    });
    svg.addEventListener("pointerup", () => {
      const [low, high] = [Math.min(from, to), Math.max(from, to)];
      const dragged = high > low;
      from = -1;
      if (!dragged) return;
      const [since, until] = $$("input:not([type=hidden])", form);
      since.value = valueAt(svg, low);
      until.value = valueAt(svg, high);
      form.requestSubmit();
    });
    svg.addEventListener("pointercancel", () => { from = -1; brush.remove(); });
  }

  // Empty fields are not sent, so that URLs stay short.
  for (const form of $$("form.q, form.dates, form.contains"))
    form.addEventListener("formdata", ({ formData }) => {
      for (const name of new Set(formData.keys())) {
        const values = formData.getAll(name).filter((value) => value.trim());
        formData.delete(name);
        for (const value of values) formData.append(name, value);
      }
    });

  // The page to try the API: sends a request and shows the answer.
  for (const form of $$("form[data-try]"))
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      let path = form.dataset.try;
      const query = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (path.includes(`{${name}}`)) path = path.replace(`{${name}}`, encodeURIComponent(value));
        else if (value) query.append(name, value);
      }
      const address = query.size ? `${path}?${query}` : path;
      const shown = $("pre", form.parentElement);
      shown.hidden = false;
      const answer = await fetch(address);
      const text = await answer.text();
      let body = text;
      try { body = JSON.stringify(JSON.parse(text), null, 1); } catch { /* shown as it is */ }
      shown.textContent = `${answer.status} ${decodeURI(address)}\n\n${body}`;
    });
})();
