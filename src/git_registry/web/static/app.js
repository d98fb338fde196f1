// What every page can do besides being read: each part is a function that looks for what it is about.
// Nothing is made of strings: what somebody wrote becomes text, never elements.

const ready = (work) =>
  document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", work) : work();

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

// What lies in another file than the page: no browser reads one beside a page that was opened from a disk

const reached = async (url) => {
  if (location.protocol === "file:") throw new Error("a page that was opened as a file can't read others, from a web server it can");
  return fetch(url);
};

// Themes: a script that draws asks for a colour by its name in the sheet

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const theme = () => {
  const root = document.documentElement;
  const button = document.querySelector("[data-theme-switch]");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const now = () => root.dataset.theme ?? (dark.matches ? "dark" : "light");
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = now() === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // It lasts until the next page.
    }
    document.dispatchEvent(new Event("themechange"));
  });
  dark.addEventListener("change", () => document.dispatchEvent(new Event("themechange")));
};

// Times: how long ago, and all of it where the pointer rests

const ages = () => {
  const units = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const one of document.querySelectorAll("time[datetime]")) {
    const seconds = (Date.parse(one.dateTime) - Date.now()) / 1000;
    one.title = `${one.textContent} UTC`;
    if (!one.closest("[data-exact]") && !document.body.dataset.at) {
      const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["minute", 60];
      one.textContent = words.format(Math.trunc(seconds / length), unit);
    }
  }
};

// Snippets

const copying = () => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    const label = [...button.childNodes];
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
      button.textContent = "Copied";
      setTimeout(() => button.replaceChildren(...label), 1500);
    });
  }
};

// Tabs: sections that stand one below the other, of which one is shown (WAI-ARIA's pattern)

const tabs = () => {
  for (const list of document.querySelectorAll(".tabs")) {
    const links = [...list.querySelectorAll('a[href^="#"]')];
    const panels = links.map((link) => document.getElementById(link.hash.slice(1)));
    list.setAttribute("role", "tablist");
    const show = (chosen) => {
      links.forEach((link, place) => {
        link.setAttribute("aria-selected", String(link === chosen));
        link.tabIndex = link === chosen ? 0 : -1;
        panels[place].hidden = link !== chosen;
      });
      // The strip alone moves: the page stays where it is.
      const [strip, tab] = [list, chosen].map((one) => one.getBoundingClientRect());
      list.scrollLeft += tab.left + tab.width / 2 - (strip.left + strip.width / 2);
      panels[links.indexOf(chosen)].dispatchEvent(new CustomEvent("shown", { bubbles: true }));
    };
    links.forEach((link, place) => {
      link.setAttribute("role", "tab");
      link.id ||= `tab-${link.hash.slice(1)}`;
      link.setAttribute("aria-controls", panels[place].id);
      panels[place].setAttribute("role", "tabpanel");
      panels[place].setAttribute("aria-labelledby", link.id);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        history.replaceState(null, "", link.hash);
        show(link);
      });
      link.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = links[(place + step + links.length) % links.length];
        next.focus();
        next.click();
      });
    });
    const named = () => links.find((link) => link.hash === location.hash);
    addEventListener("hashchange", () => named() && show(named()));
    show(named() ?? links[0]);
  }
};

// Long cards: how they begin, and a button for the rest

const folding = () => {
  for (const card of document.querySelectorAll(".tall")) {
    card.classList.add("folded");
    if (card.scrollHeight <= card.clientHeight) {
      card.classList.remove("folded");
      continue;
    }
    const button = element("button", { type: "button" });
    const fold = (folded) => {
      card.classList.toggle("folded", folded);
      card.scrollTop = 0;
      button.textContent = folded ? "Show all" : "Show less";
      button.setAttribute("aria-expanded", String(!folded));
    };
    button.addEventListener("click", () => fold(!card.classList.contains("folded")));
    // Whoever goes from link to link by keyboard sees where that is.
    card.addEventListener("focusin", () => fold(false));
    card.after(button);
    fold(true);
  }
};

// Tables whose rows are all there are sorted here; a server sorts the others. `data-sort` is what a cell counts as.

const sorting = () => {
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const body = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (head.hasAttribute("data-unsorted")) return;
      const button = element("button", { type: "button" }, ...head.childNodes);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") !== "descending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const value = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
        const rows = [...body.rows].map((row) => [value(row), row]);
        const number = (text) => (text === "" ? NaN : Number(text));
        const numbers = rows.every(([text]) => text === "" || text === "NaN" || !Number.isNaN(number(text)));
        // What has no value stands last, whichever way.
        const absent = ([text]) => text === "" || text === "NaN";
        rows.sort((one, other) => {
          if (absent(one) || absent(other)) return absent(one) - absent(other);
          const order = numbers ? number(one[0]) - number(other[0]) : one[0].localeCompare(other[0]);
          return down ? -order : order;
        });
        body.append(...rows.map(([, row]) => row));
      });
    });
  }
};

// Looking back: the day that is picked is what the button asks for; a year that is being typed is one at every digit

const travelling = () => {
  const day = document.querySelector("[data-at-day]");
  day?.addEventListener("input", () => {
    if (day.value) day.form.elements.at.value = day.value;
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelector(".travel details[open]")?.removeAttribute("open");
  });
};

// New commits: a page that is looked at says that there is something newer

const freshness = () => {
  const { live, tip, at, home } = document.body.dataset;
  if (live === undefined || at || !tip) return;
  let told = false;
  const look = async () => {
    if (document.hidden) return;
    try {
      const now = (await (await fetch(`${home}-/tip.json`)).json()).tip;
      if (now === tip) return;
    } catch {
      return;
    }
    // Of several that were asked at once, the first to be answered tells.
    if (told) return;
    told = true;
    clearInterval(timer);
    const button = element("button", { className: "main fresh", type: "button", textContent: "There are new commits. Show them" });
    button.addEventListener("click", () => location.reload());
    document.body.append(element("div", { role: "status" }, button));
  };
  const timer = setInterval(look, 10_000);
};

ready(() => [theme, ages, copying, folding, tabs, sorting, travelling, freshness].forEach((part) => part()));
