// Charts are drawn from the table behind them: the first column names the points, each further one is a series.
// richText keeps tooltips out of the document, so the content policy stays strict.

import { fresh, load, token } from "./find.js";

function read(table) {
  const heads = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
  const rows = [...table.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
  const number = (words) => (/[0-9]/.test(words) ? Number(words.replace(/[^0-9.-]/g, "")) : null);
  return {
    names: rows.map((row) => row[0]),
    series: heads.slice(1).map((name, place) => ({ name, data: rows.map((row) => number(row[place + 1])) })),
  };
}

function options(kind, { names, series }, size) {
  const words = { color: token("--ink-2"), fontFamily: token("--font"), fontSize: size };
  const line = { lineStyle: { color: token("--line") } };
  const category = {
    type: "category", data: names, axisTick: { show: false }, axisLabel: { ...words, hideOverlap: true }, axisLine: { lineStyle: { color: token("--edge") } },
    inverse: kind === "bar-wide",
  };
  const value = { type: "value", minInterval: 1, axisLabel: words, splitLine: line, axisLine: { show: false } };
  return {
    animation: false,
    color: [1, 2, 3, 4, 5, 6].map((place) => token(`--series-${place}`)).map((one) => (one.startsWith("var") ? token("--accent") : one)),
    textStyle: words,
    grid: { left: 4, right: 16, top: series.length > 1 ? size * 2 + 10 : 12, bottom: 4, containLabel: true },
    legend: series.length > 1 ? { top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 12, textStyle: words } : undefined,
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true, backgroundColor: token("--leaf"), borderColor: token("--line"),
      textStyle: { ...words, color: token("--ink") }, axisPointer: { type: kind === "line" ? "line" : "shadow", lineStyle: { color: token("--edge") } },
    },
    xAxis: kind === "bar-wide" ? value : category,
    yAxis: kind === "bar-wide" ? category : value,
    series: series.map((one, place) => ({
      ...one, type: kind === "line" ? "line" : "bar", showSymbol: false, symbolSize: 6, barMaxWidth: 22, lineStyle: { width: 2, type: ["solid", "dashed", "dotted"][place % 3] },
      itemStyle: { borderRadius: kind === "line" ? 0 : 2 },
    })),
  };
}

async function draw(figure) {
  const table = figure.querySelector("table");
  const canvas = figure.querySelector("[data-chart-canvas]");
  if (!table?.tBodies[0]?.rows.length) return;
  await load("/static/vendor/echarts.min.js");
  canvas.hidden = false;
  const chart = window.echarts.init(canvas, null, { renderer: "canvas" });
  const size = Number(getComputedStyle(figure).getPropertyValue("--chart-text")) || 13;
  chart.setOption(options(figure.dataset.chart, read(table), size));
  figure.querySelector("[data-chart-table]").open = false;
  new ResizeObserver(() => chart.resize()).observe(canvas);
}

// A board that is swapped every minute for days must not keep its old charts.
document.addEventListener("htmx:beforeCleanupElement", (event) => {
  const canvas = event.detail.elt.querySelector?.(":scope > [data-chart-canvas]");
  if (canvas) window.echarts?.getInstanceByDom(canvas)?.dispose();
});

export function wake(root) {
  for (const figure of fresh(root, "[data-chart]", wake)) draw(figure).catch(() => { /* the table is there */ });
}
