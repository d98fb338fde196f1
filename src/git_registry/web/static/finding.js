// Search from every page, as one types; and the page of what was found in an export.
{
  // Search as one types: a server is asked, or the index that was exported is looked through

  const searching = () => {
    const form = document.querySelector(".finder");
    const input = form.querySelector("input[type=search]");
    const hint = form.querySelector("kbd");
    hint.hidden = false;
    addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea, select, [contenteditable]");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        input.focus();
      }
    });
    const list = element("ul", { className: "found", id: "found", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "What was found");
    form.append(list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list" }))
      input.setAttribute(name, value);
    let asked = 0;
    let chosen = -1;
    const close = () => {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      chosen = -1;
    };
    const show = ({ rows, problem }) => {
      list.replaceChildren(
        ...rows.map((row, place) => {
          const link = element("a", { id: `found-${place}`, href: row.href, tabIndex: -1 });
          link.setAttribute("role", "option");
          link.setAttribute("aria-selected", "false");
          link.append(element("span", { className: "kind", textContent: row.kind }), row.name);
          if (row.text) link.append(element("div", { className: "soft small", textContent: row.text }));
          const item = element("li", {}, link);
          item.setAttribute("role", "none");
          return item;
        }),
      );
      if (!rows.length) {
        const nothing = element("li", { className: "empty", textContent: problem || "Nothing found" });
        nothing.setAttribute("role", "option");
        nothing.setAttribute("aria-disabled", "true");
        list.append(nothing);
      }
      list.hidden = false;
      chosen = -1;
      input.setAttribute("aria-expanded", "true");
    };
    const find = form.dataset.index ? exported(form.dataset.index) : served(form.getAttribute("action"));
    input.addEventListener("input", async () => {
      const turn = ++asked;
      const words = input.value.trim();
      if (!words) return close();
      await new Promise((later) => setTimeout(later, 80));
      if (turn !== asked) return;
      try {
        const found = await find(words);
        if (turn === asked) show(found);
      } catch {
        close();
      }
    });
    input.addEventListener("keydown", (event) => {
      const options = [...list.querySelectorAll("a[role=option]")];
      if (event.key === "Escape") return close();
      if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        return options[chosen].click();
      }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || !options.length || list.hidden) return;
      event.preventDefault();
      chosen = (chosen + step + options.length) % options.length;
      options.forEach((one, place) => one.setAttribute("aria-selected", String(place === chosen)));
      options[chosen].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[chosen].id);
    });
    document.addEventListener("click", (event) => form.contains(event.target) || close());
  };

  // Links in data are relative to where the data lies, like those of any document.
  const foundIn = async (answer) => {
    const { rows, problem = "" } = await answer.json();
    return { rows: rows.map((row) => ({ ...row, href: new URL(row.href, answer.url).href })), problem };
  };

  const served = (action) => async (words) => {
    const url = new URL(action, location);
    url.pathname += "found.json";
    url.searchParams.set("q", words);
    if (document.body.dataset.at) url.searchParams.set("at", document.body.dataset.at);
    const answer = await fetch(url);
    return answer.ok ? foundIn(answer) : { rows: [] };
  };

  // Whoever types all of a name wants to go there.
  const distance = ({ name, kind }, typed) => {
    const path = name.toLowerCase();
    if (path === typed || path.endsWith(`/${typed}`)) return kind === "project" ? 1 : 0;
    return path.includes(typed) ? 2 + (kind === "version") : 4;
  };

  const CLAUSE = /^[^\s=!<>~]+(?:\s*(?:[=<>~]|!=)|\s+in\s*[[(])|^(?:alias|tag|type|name|title):\S/i;
  const UNREAD = "Here only words are found. A clause takes git registry web, or git registry search --where in a shell.";

  const exported = (file, most = 20) => {
    let index;
    return async (words) => {
      index ??= fetch(file).then(foundIn);
      const typed = words.toLowerCase();
      const wanted = typed.split(/\s+/);
      const rows = (await index).rows.filter((row) => wanted.every((word) => row.words.includes(word)));
      rows.sort((one, other) => distance(one, typed) - distance(other, typed));
      return { rows: rows.slice(0, most), problem: CLAUSE.test(words) ? UNREAD : "" };
    };
  };

  // The page of results of an export: nobody answers its form, so the index does

  const results = async () => {
    const list = document.querySelector("[data-results]");
    const words = new URLSearchParams(location.search).get("q")?.trim();
    if (!list || !words) return;
    for (const input of document.querySelectorAll("input[name=q]")) input.value = words;
    document.querySelector("h1").textContent = `Search: ${words}`;
    const find = exported(document.querySelector(".finder").dataset.index, 200);
    const { rows, problem } = await find(words).catch(() => ({ rows: [], problem: "The index can't be read. It takes a web server to hand it out." }));
    list.replaceChildren(
      ...rows.map((row) =>
        element(
          "li",
          {},
          element("a", { href: row.href, textContent: row.name }),
          element("span", { className: "soft small", textContent: ` ${row.kind}` }),
          element("div", { className: "soft", textContent: row.text }),
        ),
      ),
    );
    if (!rows.length) list.append(element("li", { className: "empty", textContent: problem || "Nothing was found." }));
    list.hidden = false;
  };

  ready(() => [searching, results].forEach((part) => part()));
}
