// Plots: of a run's curves, of metrics over versions. What is read without scripts stands in the page already.
//
// `[data-plots]` holds a figure for each series.
// The data lies in the file that `data-source` names, or in a script of JSON inside:
//
//   {"x": {"name": "step", "values": [0, 1]}, "series": [{"name": "loss", "values": [0.5, "NaN"]}],
//    "labels": ["v0", "v1"], "links": ["v0/", "v1/"]}
//
// `null` is nothing measured, which a line passes over; "NaN" and infinities are gaps in it. Labels and links
// are those of the points. A link is relative to where the data lies.
{
  const HUES = 8;
  const HEIGHT = 200;
  const NEAR = 30;

  const shown = (value) => {
    if (typeof value !== "number") return value ?? "–";
    const size = Math.abs(value);
    return size && (size < 1e-4 || size >= 1e9) ? value.toExponential(3) : String(Number(value.toPrecision(6)));
  };

  const point = (value) => (typeof value === "number" ? value : value === null ? undefined : null);

  // Where the data comes from

  const fetched = async (source) => {
    const answer = await reached(source);
    const isData = answer.headers.get("content-type")?.includes("json");
    if (!answer.ok && !isData) throw new Error(`${new URL(source).pathname} answers ${answer.status}`);
    const found = await answer.json();
    if (found.error) throw new Error(found.error.message);
    return found;
  };

  const read = async (place) => {
    const inline = place.querySelector(":scope > script[type='application/json']");
    const source = inline ? location.href : new URL(place.dataset.source, location).href;
    const found = inline ? JSON.parse(inline.textContent) : await fetched(source);
    const links = found.links?.map((one) => one && new URL(one, source).href);
    const series = found.series.map((one, place) => ({ ...one, hue: place % HUES, values: one.values.map(point), told: one.values }));
    return { ...found, links, series };
  };

  // What is drawn: the values as they are, or smoothed with a faint line of those behind

  const smoothed = (values, weight) => {
    let sum = 0;
    let seen = 0;
    return values.map((value) => {
      if (value === null || value === undefined) return value;
      sum = sum * weight + value * (1 - weight);
      seen = seen * weight + 1 - weight;
      return sum / seen;
    });
  };

  const drawn = (series, chosen) => {
    const positive = (values) => values.map((one) => (one > 0 || one === undefined ? one : null));
    const smooth = chosen.weight && { ...series, values: smoothed(series.values, chosen.weight) };
    const lines = smooth ? [{ ...series, faint: true }, smooth] : [series];
    return chosen.log ? lines.map((one) => ({ ...one, values: positive(one.values) })) : lines;
  };

  const canBeLog = (series) => series.values.some((value) => value > 0);

  // One figure

  const axes = (data) => {
    const line = { stroke: colour("line"), width: 1 };
    const look = { stroke: colour("ink-soft"), font: "12px system-ui, sans-serif", grid: line, ticks: { ...line, size: 4 } };
    const whole = { incrs: [1, 2, 5].flatMap((one) => [...Array(12).keys()].map((power) => one * 10 ** power)).sort((a, b) => a - b) };
    const named = { values: (_, places) => places.map((one) => (Number.isInteger(one) ? `v${one}` : "")) };
    return [
      { ...look, space: 56, size: 28, ...(data.labels ? { ...whole, ...named } : {}) },
      {
        ...look,
        values: (_, places) => places.map((one) => (one === null ? "" : shown(one))),
        size: (_, texts) => 18 + 7 * Math.max(3, ...(texts ?? []).map((one) => one.length)),
      },
    ];
  };

  const line = (data) => (one) => {
    const stroke = colour(`hue-${one.hue}`);
    const sparse = data.labels || one.values.filter((value) => value !== undefined).length < 60;
    return {
      label: one.name,
      stroke: one.faint ? `color-mix(in srgb, ${stroke} 30%, transparent)` : stroke,
      width: one.faint ? 1 : 1.75,
      points: { show: !one.faint && sparse, size: 6, fill: stroke, stroke },
    };
  };

  // Points are looked at with the pointer or with the arrow keys: to who can't see it, it is a slider.
  class Figure {
    constructor(figure, data, series, chosen, together) {
      Object.assign(this, { figure, data, series, chosen, together, at: null });
      this.space = figure.querySelector(".space") ?? figure.appendChild(element("div", { className: "space" }));
      this.told = figure.appendChild(element("div", { className: "told small soft" }));
      this.told.setAttribute("aria-hidden", "true");
      const last = data.x.values.length - 1;
      const says = { role: "slider", tabindex: 0, "aria-label": `${series.name} by ${data.x.name}`, "aria-valuemin": 0, "aria-valuemax": last, "aria-valuenow": last };
      for (const [name, value] of Object.entries(says)) this.space.setAttribute(name, value);
      this.space.addEventListener("keydown", (event) => this.pressed(event));
      new ResizeObserver(() => this.plot?.setSize(this.size)).observe(this.space);
      this.draw();
    }

    get size() {
      return { width: Math.max(160, this.space.clientWidth), height: HEIGHT };
    }

    draw() {
      this.plot?.destroy();
      const chosen = { ...this.chosen, log: this.chosen.log && canBeLog(this.series) };
      this.lines = drawn(this.series, chosen);
      const options = {
        ...this.size,
        legend: { show: false },
        scales: { x: { time: false }, y: { distr: chosen.log ? 3 : 1 } },
        series: [{}, ...this.lines.map(line(this.data))],
        axes: axes(this.data),
        cursor: { y: false, sync: { key: this.together, setSeries: false }, points: { size: 9 } },
        hooks: { setCursor: [(plot) => this.tell(plot.cursor.idx)] },
      };
      this.space.replaceChildren();
      this.plot = new uPlot(options, [this.data.x.values, ...this.lines.map((one) => one.values)], this.space);
      this.plot.over.addEventListener("click", () => this.follow(NEAR));
      this.tell(null);
    }

    // Where nobody looks, the last that was measured is told.
    get last() {
      const last = this.data.x.values.findLastIndex((_, place) => this.series.values[place] !== undefined);
      return last < 0 ? this.data.x.values.length - 1 : last;
    }

    tell(at) {
      this.at = at ?? null;
      const { x, labels, links } = this.data;
      const place = this.at ?? this.last;
      const where = labels?.[place] ?? `${x.name} ${shown(x.values[place])}`;
      const value = shown(this.series.told[place]);
      this.space.setAttribute("aria-valuenow", place);
      this.space.setAttribute("aria-valuetext", `${where}: ${value}`);
      if (this.plot) this.plot.over.classList.toggle("leads", Boolean(this.at !== null && links?.[place]));
      const swatch = element("i", { className: `swatch hue-${this.series.hue}` });
      const told = element("span", {}, swatch, element("strong", { textContent: value }));
      this.told.replaceChildren(element("span", { textContent: where }), told);
    }

    // A click is meant for a point only near one; a key is meant for the point that was moved to.
    follow(near) {
      const link = this.at === null ? "" : this.data.links?.[this.at];
      if (!link) return;
      const away = Math.abs(this.plot.valToPos(this.data.x.values[this.at], "x") - this.plot.cursor.left);
      if (away <= near) location.assign(link);
    }

    pressed(event) {
      const last = this.data.x.values.length - 1;
      const now = this.at ?? last + 1;
      const to = { ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, Home: 0, End: last }[event.key];
      if (event.key === "Enter") return this.follow(Infinity);
      if (event.key === "Escape") this.plot.setData(this.plot.data);
      if (to === undefined) return;
      event.preventDefault();
      const place = Math.min(last, Math.max(0, to));
      const height = this.lines.map((one) => one.values[place]).find((one) => typeof one === "number");
      this.plot.setCursor({
        left: this.plot.valToPos(this.data.x.values[place], "x"),
        top: height === undefined ? 0 : this.plot.valToPos(height, "y"),
      });
    }
  }

  // What is chosen for all figures of a place

  const tools = (place, chosen, draw) => {
    const log = element("button", { type: "button", textContent: "Log scale" });
    log.setAttribute("aria-pressed", "false");
    log.addEventListener("click", () => {
      chosen.log = !chosen.log;
      log.setAttribute("aria-pressed", String(chosen.log));
      draw();
    });
    const bar = element("div", { className: "plot-tools" }, log);
    if ("smoothing" in place.dataset) {
      const slide = element("input", { type: "range", min: 0, max: 0.99, step: 0.01, value: 0 });
      slide.addEventListener("input", () => {
        chosen.weight = Number(slide.value);
        draw();
      });
      bar.append(element("label", {}, "Smoothing", slide));
    }
    place.before(bar);
  };

  // Each figure is drawn when it is first seen: one in a closed tab has no width yet.
  const whenSeen = (one, work) => {
    const looking = new IntersectionObserver((seen) => {
      if (!seen.some((entry) => entry.isIntersecting)) return;
      looking.disconnect();
      work();
    }, { rootMargin: "200px" });
    looking.observe(one);
  };

  const named = (place, series) => {
    const there = [...place.querySelectorAll("figure.plot")].find((one) => one.dataset.series === series.name);
    if (there) return there;
    const caption = element("figcaption", { textContent: series.name });
    return place.appendChild(element("figure", { className: "plot" }, caption, element("div", { className: "space" })));
  };

  const fill = async (place, number) => {
    const figures = [];
    const chosen = { log: false, weight: 0 };
    const draw = () => figures.forEach((one) => one.draw());
    try {
      const data = await read(place);
      place.querySelectorAll(":scope > [data-waiting]").forEach((one) => one.remove());
      if (!data.series.length || !data.x.values.length) return;
      for (const one of data.series) {
        const figure = named(place, one);
        whenSeen(figure, () => figures.push(new Figure(figure, data, one, chosen, `plots-${number}`)));
      }
      tools(place, chosen, draw);
      document.addEventListener("themechange", draw);
    } catch (problem) {
      const said = element("p", { className: "soft", textContent: `The plots can't be drawn: ${problem.message}` });
      place.querySelectorAll(":scope > [data-waiting]").forEach((one) => one.remove());
      place.append(said);
    }
  };

  ready(() => document.querySelectorAll("[data-plots]").forEach((place, number) => whenSeen(place, () => fill(place, number))));
}
