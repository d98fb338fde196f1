// Lineage as a graph to pan, to zoom and to go on with; the lists below it say the same, and are read by everybody.
//
// `[data-lineage]` is where it is drawn, and names the file that its data lies in: see `web/lineage.py`. A node that
// has a page has such a file of its own, with what lies beyond it. Links in a file are relative to that file.
{
  const SHAPES = { version: "round-rectangle", run: "ellipse", code: "cut-rectangle", data: "barrel" };
  const HUES = { version: "hue-0", run: "hue-1", code: "hue-3", data: "hue-2" };
  const CALLED = { version: "Version", run: "Run", code: "Code", data: "Data" };
  const WIDEST = 22;
  const ROOM = { around: 60, least: 180, most: 560 };
  const AROUND = { useDagreEdgeControlPoints: true, automaticDagreEdgeStyle: false };
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  const short = (text) =>
    text.length <= WIDEST ? text : `${text.slice(0, WIDEST / 2 - 3)}…${text.slice(text.length - WIDEST / 2 - 2)}`;

  const beyond = (node) => node.left_out.up + node.left_out.down;

  // Where it is stands above its name.
  const parted = (text) => {
    const place = text.slice(0, -1).lastIndexOf("/") + 1;
    return place ? [text.slice(0, place), text.slice(place)] : [text];
  };

  const label = (node) => {
    const more = beyond(node) ? `+ ${beyond(node).toLocaleString("en")} more` : "";
    const aliases = node.aliases.length ? `(${node.aliases.join(", ")})` : "";
    return [...parted(node.label.replace(/^code /, "")), aliases, node.state, more].filter(Boolean).map(short).join("\n");
  };

  // Where an edge goes around the nodes between its ends; to the next column it is straight. A bend inside a node
  // at its end would leave it without an end.
  const bends = (edge, what) => {
    const weights = edge.scratch("controlPointWeights") ?? [];
    const span = Math.abs(edge.target().position("x") - edge.source().position("x"));
    const room = (node) => node.outerWidth() / 2 + 10;
    const isBetween = (_, place) => weights[place] * span > room(edge.source()) && (1 - weights[place]) * span > room(edge.target());
    const kept = weights.length > 1 ? edge.scratch(what).filter(isBetween) : [];
    return kept.length ? kept : undefined;
  };

  // How it looks, in the colours of the theme

  const sheet = () => [
    {
      selector: "node",
      style: {
        label: "data(label)",
        "font-family": getComputedStyle(document.body).fontFamily,
        "font-size": 12.5,
        color: colour("ink"),
        "text-valign": "center",
        "text-wrap": "wrap",
        "text-max-width": 190,
        "line-height": 1.3,
        width: 176,
        height: "data(height)",
        "background-color": colour("sheet"),
        "border-width": 2,
      },
    },
    ...Object.keys(SHAPES).map((kind) => ({
      selector: `node[kind = "${kind}"]`,
      style: { shape: SHAPES[kind], "border-color": colour(HUES[kind]) },
    })),
    { selector: "node[state]", style: { "border-style": "dashed", color: colour("ink-soft") } },
    { selector: "node[start]", style: { "background-color": colour("accent-ground"), "border-width": 4, "font-weight": 700 } },
    { selector: "node:selected", style: { "underlay-color": colour("accent"), "underlay-opacity": 0.35, "underlay-padding": 7 } },
    {
      selector: "edge",
      style: {
        width: 1.5,
        "curve-style": "unbundled-bezier",
        "edge-distances": "node-position",
        "control-point-weights": (edge) => bends(edge, "controlPointWeights") ?? [0.5],
        "control-point-distances": (edge) => bends(edge, "controlPointDistances") ?? [0],
        "line-color": colour("line-strong"),
        "target-arrow-color": colour("line-strong"),
        "target-arrow-shape": "triangle",
        label: "data(words)",
        "font-family": getComputedStyle(document.body).fontFamily,
        "font-size": 10,
        "min-zoomed-font-size": 7,
        "text-wrap": "ellipsis",
        "text-max-width": 110,
        color: colour("ink-soft"),
        "text-background-color": colour("sheet"),
        "text-background-opacity": 1,
        "text-background-padding": 2,
      },
    },
  ];

  // What was fetched becomes a part of it, nothing twice

  const fetched = async (source) => {
    const answer = await reached(source);
    const found = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(found.error?.message ?? `the server answers ${answer.status}`);
    const resolved = (link) => link && new URL(link, source).href;
    return { ...found, nodes: found.nodes.map((one) => ({ ...one, href: resolved(one.href), data: resolved(one.data) })) };
  };

  const node = (one, start) => {
    const text = label(one);
    const height = 22 + 16 * text.split("\n").length;
    return { group: "nodes", data: { id: one.key, kind: one.kind, label: text, height, told: one, ...(one.state && { state: one.state }), ...(one.key === start && { start: 1 }) } };
  };

  const merged = (graph, found, start) => {
    for (const one of found.nodes) {
      const there = graph.getElementById(one.key);
      if (there.empty()) {
        graph.add(node(one, start));
        continue;
      }
      const before = there.data("told").left_out;
      const left_out = { up: Math.min(before.up, one.left_out.up), down: Math.min(before.down, one.left_out.down) };
      const { label: text, height } = node({ ...one, left_out }).data;
      there.data({ told: { ...one, left_out }, label: text, height });
    }
    for (const { from, to, words } of found.edges) {
      const id = JSON.stringify([from, to, words]);
      if (graph.getElementById(id).empty()) graph.add({ group: "edges", data: { id, source: from, target: to, words } });
    }
  };

  // What a version's own source or run says too is said once, as in each file: see `model/lineage/condensing.py`.
  // What was used goes before who made it: as long as that stands, it is what says it.
  const condensed = (graph) => {
    const isOrigin = (one) => /^(linked as|made)/.test(one.data("words"));
    for (const edge of [...graph.edges().filter((one) => !isOrigin(one)), ...graph.edges().filter(isOrigin)]) {
      const isSame = (one) => one.source().same(edge.source()) && one.data("words") === edge.data("words");
      const origins = edge.target().incomers("edge").filter(isOrigin).sources().not(edge.source());
      if (origins.incomers("edge").some(isSame)) edge.remove();
    }
  };

  const arranged = (graph) => graph.layout({ name: "dagre", rankDir: "LR", nodeSep: 16, rankSep: 76, fit: false, animate: false, ...AROUND }).run();

  class Lineage {
    constructor(place, found) {
      this.start = found.start;
      this.height = 0;
      this.facts = new Map([[found.start, found.facts]]);
      this.expanded = new Set([found.start]);
      this.canvas = element("div", { className: "canvas", tabIndex: 0 });
      this.canvas.setAttribute("role", "img");
      this.about = element("div", { className: "about small" });
      this.about.setAttribute("aria-live", "polite");
      place.append(element("div", { className: "bar" }, this.key(), this.tools()), this.canvas, this.about);
      this.show();
      this.graph = cytoscape({ container: this.canvas, style: sheet(), minZoom: 0.1, maxZoom: 2.5, boxSelectionEnabled: false });
      merged(this.graph, found, this.start);
      arranged(this.graph);
      this.listen(place);
      this.tell();
      this.fit();
    }

    // Its place is as high as it needs; it grows, and does not shrink under whoever looks at it.
    grow() {
      const { w, h } = this.graph.elements().boundingBox();
      const scale = Math.min(1, Math.max(0.6, this.graph.width() / (w + 60)));
      const wanted = Math.min(ROOM.most, innerHeight * 0.7, Math.max(ROOM.least, h * scale + ROOM.around));
      if (wanted <= this.height) return;
      this.height = wanted;
      this.canvas.style.height = `${wanted}px`;
      this.graph.resize();
    }

    // A graph that is too large to be read in its place is shown where it begins.
    fit() {
      this.grow();
      this.graph.fit(undefined, 30);
      if (this.graph.zoom() > 1) this.graph.zoom(1);
      if (this.graph.zoom() >= 0.6) return this.graph.center();
      this.graph.zoom(0.7);
      this.graph.center(this.graph.getElementById(this.start));
    }

    zoom(factor) {
      const middle = { x: this.graph.width() / 2, y: this.graph.height() / 2 };
      this.graph.zoom({ level: this.graph.zoom() * factor, renderedPosition: middle });
    }

    tools() {
      const button = (text, name, work) => {
        const made = element("button", { type: "button", textContent: text, title: name });
        made.setAttribute("aria-label", name);
        made.addEventListener("click", work);
        return made;
      };
      return element(
        "div",
        { className: "tools" },
        button("+", "Zoom in", () => this.zoom(1.3)),
        button("−", "Zoom out", () => this.zoom(1 / 1.3)),
        button("Fit", "Fit the graph into its place", () => this.graph.fit(undefined, 30)),
      );
    }

    key() {
      const entries = Object.keys(CALLED).map((kind) => element("span", { className: `of-${kind}` }, CALLED[kind]));
      const made = element("div", { className: "key" }, ...entries);
      made.setAttribute("aria-hidden", "true");
      return made;
    }

    tell() {
      const count = this.graph.nodes().length;
      const text = `Graph of ${count} ${count === 1 ? "node" : "nodes"}; the lists below say the same. Arrow keys choose a node, Enter shows what lies beyond it.`;
      this.canvas.setAttribute("aria-label", text);
    }

    listen(place) {
      // The page scrolls on where the graph was not asked for.
      const passing = (event) => event.ctrlKey || event.metaKey || this.canvas.matches(":focus") || event.stopPropagation();
      place.addEventListener("wheel", passing, { capture: true, passive: true });
      this.graph.on("tap", () => this.canvas.focus({ preventScroll: true }));
      this.graph.on("select", "node", (event) => this.show(event.target));
      this.graph.on("unselect", "node", () => this.show());
      this.graph.on("dbltap", "node", (event) => this.expand(event.target));
      this.canvas.addEventListener("keydown", (event) => this.press(event));
      document.addEventListener("themechange", () => this.graph.style(sheet()));
      new ResizeObserver(() => this.graph.resize()).observe(this.canvas);
    }

    press(event) {
      const chosen = this.graph.$("node:selected");
      if (event.key === "Enter" && chosen.nonempty()) return this.expand(chosen[0]);
      if (event.key === "Escape") return this.graph.elements().unselect();
      const way = ARROWS[event.key];
      if (!way) return;
      event.preventDefault();
      this.choose(chosen.empty() ? this.graph.getElementById(this.start) : this.next(chosen[0], way));
    }

    next(from, [x, y]) {
      const here = from.position();
      const ahead = this.graph.nodes().toArray().map((one) => {
        const there = one.position();
        const along = (there.x - here.x) * x + (there.y - here.y) * y;
        const aside = Math.abs((there.x - here.x) * y) + Math.abs((there.y - here.y) * x);
        return { one, along, away: along + 3 * aside };
      });
      return ahead.filter(({ along }) => along > 1).sort((one, other) => one.away - other.away)[0]?.one;
    }

    choose(node) {
      if (!node) return;
      this.graph.elements().unselect();
      node.select();
      this.graph.center(node);
    }

    // What is known of the node that was chosen

    show(node) {
      if (!node) {
        this.about.replaceChildren(element("span", { className: "soft", textContent: "Choose a node to see what is known of it." }));
        return;
      }
      const told = node.data("told");
      const facts = [CALLED[told.kind], told.state].filter(Boolean).join(", ");
      const aliases = told.aliases.map((name) => element("span", { className: "chip alias" }, element("span", { textContent: name })));
      const parts = [element("strong", { textContent: told.label }), ...aliases, element("span", { className: "soft small", textContent: facts })];
      const known = Object.entries(this.facts.get(told.key) ?? {});
      parts.push(...known.map(([name, value]) => element("span", {}, element("span", { className: "soft", textContent: `${name} ` }), value)));
      if (told.data && !this.facts.has(told.key)) this.learn(node, told);
      const ways = [];
      if (told.href && told.key !== this.start) ways.push(element("a", { className: "button", href: told.href, textContent: "Open its page" }));
      if (told.data && !this.expanded.has(told.key)) {
        const button = element("button", { type: "button", textContent: "Expand" });
        button.addEventListener("click", () => this.expand(node));
        ways.push(button);
      }
      this.about.replaceChildren(...parts, ...ways);
    }

    // The file of what lies beyond it says the most of it; whoever expands it hears why that can't be read.
    async learn(node, told) {
      this.facts.set(told.key, {});
      const found = await fetched(told.data).catch(() => ({}));
      this.facts.set(told.key, found.facts ?? {});
      if (node.selected()) this.show(node);
    }

    async expand(node) {
      const told = node.data("told");
      if (!told.data || this.expanded.has(told.key)) return;
      this.expanded.add(told.key);
      try {
        const found = await fetched(told.data);
        const before = { ...node.renderedPosition() };
        merged(this.graph, found, this.start);
        condensed(this.graph);
        arranged(this.graph);
        this.grow();
        const after = node.renderedPosition();
        this.graph.panBy({ x: before.x - after.x, y: before.y - after.y });
        this.tell();
        if (node.selected()) this.show(node);
      } catch (problem) {
        this.expanded.delete(told.key);
        this.about.append(element("p", { className: "bad", textContent: `What lies beyond can't be read: ${problem.message}` }));
      }
    }
  }

  const draw = async (place) => {
    place.hidden = false;
    try {
      new Lineage(place, await fetched(new URL(place.dataset.lineage, location).href));
    } catch (problem) {
      place.replaceWith(element("p", { className: "soft", textContent: `The graph can't be drawn: ${problem.message}` }));
    }
  };

  ready(() =>
    document.querySelectorAll("[data-lineage]").forEach((place) => {
      const panel = place.closest(".tab-panel");
      if (panel?.hidden) panel.addEventListener("shown", () => draw(place), { once: true });
      else draw(place);
    }),
  );
}
