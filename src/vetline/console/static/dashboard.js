// Draws the figures that the page carries, and draws them anew when the service says that they have changed.
"use strict";

const drawn = {};
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;

// A custom property keeps "light-dark(...)" as it was written; an element's own colour is what it means here and now.
function colourOf(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(--chart-${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

const shortDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });

// A long name stands in lines of some words each: an axis cuts off what is wider than its share.
function lines(name) {
  return name.split(" ").reduce((found, word) => {
    const longer = `${found.at(-1)} ${word}`.trim();
    return longer.length > 20 ? [...found, word] : [...found.slice(0, -1), longer];
  }, [""]);
}

function labelsOf(chart) {
  if (chart.days) return chart.labels.map((day) => shortDay.format(new Date(day)));
  return chart.across ? chart.labels.map(lines) : chart.labels;
}

function dataOf(chart) {
  return {
    labels: labelsOf(chart),
    datasets: chart.series.map((one) => ({
      label: one.name,
      data: one.values,
      type: one.line ? "line" : "bar",
      order: one.line ? 0 : 1,
      borderColor: colourOf(one.colour),
      backgroundColor: colourOf(one.colour),
      borderWidth: one.line ? 2 : 0,
      pointRadius: chart.labels.length > 40 ? 0 : 2,
      maxBarThickness: 36,
    })),
  };
}

function optionsOf(chart) {
  const text = colourOf("text"), grid = colourOf("grid");
  const scale = { stacked: true, ticks: { color: text, precision: 0 }, grid: { color: grid } };
  const classes = { ...scale, ticks: { color: text, autoSkip: chart.days, maxRotation: 45, font: { size: 11, lineHeight: 1.1 } }, grid: { display: false } };
  const numbers = { ...scale, beginAtZero: true };
  return {
    animation: false,
    maintainAspectRatio: false,
    indexAxis: chart.across ? "y" : "x",
    interaction: { mode: "index", intersect: false, axis: chart.across ? "y" : "x" },
    scales: chart.across ? { x: numbers, y: classes } : { x: classes, y: numbers },
    plugins: { legend: { display: chart.series.length > 1, labels: { color: text, boxWidth: 12 } } },
  };
}

function draw() {
  const charts = JSON.parse(document.getElementById("chart-data").textContent);
  for (const [id, chart] of Object.entries(charts)) {
    drawn[id]?.destroy();
    drawn[id] = new Chart(document.getElementById(`chart-${id}`), { type: "bar", data: dataOf(chart), options: optionsOf(chart) });
  }
}

// What is unfolded stays unfolded when the numbers are new.
function refresh() {
  const numbers = document.getElementById("numbers");
  const open = [...numbers.querySelectorAll("details[open]")].map((one) => one.dataset.chart);
  htmx.ajax("GET", numbers.dataset.page, { target: "#numbers", swap: "outerHTML" }).then(() => {
    for (const one of document.querySelectorAll("#numbers details")) one.open = open.includes(one.dataset.chart);
    draw();
  });
}

draw();
new EventSource(document.getElementById("numbers").dataset.events).addEventListener("figures", refresh);
document.addEventListener("themechange", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
