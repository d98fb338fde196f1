// Versions side by side where no server answers: what their pages say of metrics and metadata, in one table.
{
  const NAMES = { metrics: "Metrics", metadata: "Metadata" };

  // What is no name leads elsewhere: `//host`, `..`.
  const NAME = /^@?[A-Za-z0-9][\w.-]*$/;

  // `model/churn:v3` is at `model/churn/v3/`, `model/churn@3fa94c1b` at `model/churn/@3fa94c1b/`.
  const address = (selector) => {
    const [, place, name] = /^([^:@]+)(?:(?::|(?=@))(.+))?$/.exec(selector) ?? [];
    const parts = name ? [...place.split("/"), name.replace(/\?$/, "")] : [];
    if (!name || !parts.every((part) => NAME.test(part))) throw new Error(`${selector} names no version, such as model/churn:v3`);
    return new URL(`${parts.join("/")}/index.html`, new URL(document.body.dataset.home, location));
  };

  const looked = async (selector) => {
    const there = address(selector);
    const answer = await reached(there);
    if (!answer.ok) throw new Error(`There is no page of ${selector} here`);
    // What is parsed so runs no script and loads nothing.
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const tables = [...page.querySelectorAll("table[data-compare]")];
    return { selector, there: there.href, tables: new Map(tables.map((one) => [one.dataset.compare, values(one)])) };
  };

  // A row of what only the version before has says nothing of this one.
  const values = (table) =>
    new Map(
      [...table.tBodies[0].rows]
        .map((row) => [row.cells[0].textContent.trim(), row.cells[1].dataset.sort ?? row.cells[1].textContent.trim()])
        .filter(([, value]) => value),
    );

  const change = (first, value) => {
    const delta = Number(value) - Number(first);
    if (!first || !value || !Number.isFinite(delta) || !delta) return null;
    const text = `${delta > 0 ? "+" : ""}${Number(delta.toPrecision(6))}`;
    return element("div", { className: `soft small ${delta > 0 ? "up" : "down"}`, textContent: text });
  };

  const cell = (kind, first, value) => {
    const none = element("span", { className: "soft", ariaLabel: "none", textContent: "–" });
    const made = element("td", { className: kind === "metrics" ? "number" : "" }, value ?? none);
    const delta = kind === "metrics" && change(first, value);
    if (delta) made.append(delta);
    else if (kind !== "metrics" && value !== first) made.classList.add("changed");
    return made;
  };

  const head = (text, scope, className = "") => element("th", { scope, className }, text);

  const table = (kind, sides) => {
    const each = sides.map((one) => one.tables.get(kind) ?? new Map());
    const names = new Set(each.flatMap((one) => [...one.keys()]));
    const different = [...names].filter((name) => new Set(each.map((one) => one.get(name))).size > 1);
    if (!different.length) return [];
    const body = element("tbody", {}, ...different.map((name) => element("tr", {}, head(name, "row"), ...each.map((one) => cell(kind, each[0].get(name), one.get(name))))));
    const links = sides.map((one) => head(element("a", { href: one.there, textContent: one.selector }), "col", kind === "metrics" ? "number" : ""));
    const whole = element("table", { className: "sides" }, element("thead", {}, element("tr", {}, head("", "col"), ...links)), body);
    const scroll = element("div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel: NAMES[kind] }, whole);
    return [element("section", { className: "panel flush" }, element("div", { className: "panel-head" }, element("h2", { textContent: NAMES[kind] })), scroll)];
  };

  const compare = async (place) => {
    const asked = new URLSearchParams(location.search).getAll("v").map((one) => one.trim()).filter(Boolean);
    const form = document.querySelector("[data-compares]");
    form.hidden = false;
    form.querySelectorAll("input[name=v]").forEach((input, number) => (input.value = asked[number] ?? ""));
    if (asked.length < 2) return;
    try {
      const sides = await Promise.all(asked.map(looked));
      const tables = Object.keys(NAMES).flatMap((kind) => table(kind, sides));
      place.append(...(tables.length ? tables : [element("div", { className: "panel empty", textContent: "Neither metrics nor metadata differ." })]));
    } catch (problem) {
      place.append(element("div", { className: "notice bad", textContent: problem.message }));
    }
  };

  ready(() => compare(document.querySelector("[data-compared]")));
}
