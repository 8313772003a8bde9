// Maps: grids as shapes, cases as points, and a point to be picked. No tiles unless the page names a source.

import { fresh, load, make, token } from "./find.js";

const FINE = 400; // more points than this are drawn as plain dots on a canvas
const ROOMY = 240; // pixels: a shape as wide as this is opened, and what lies inside is drawn

const SHAPES = {
  green: '<circle cx="8" cy="8" r="6"/>',
  yellow: '<path d="M8 1.6 15 14H1z"/>',
  red: '<rect x="2" y="2" width="12" height="12" rx="1"/>',
  paused: '<path d="M3.5 2h3v12h-3zM9.5 2h3v12h-3z"/>',
  done: '<circle cx="8" cy="8" r="5"/>',
};

// Without its style sheet a map would reach beyond its frame for a moment.
let styled;
function sheet() {
  styled ??= new Promise((resolve, reject) => {
    const link = make("link", { rel: "stylesheet", href: "/static/vendor/leaflet/leaflet.css" });
    link.addEventListener("load", resolve);
    link.addEventListener("error", reject);
    document.head.append(link);
  });
  return styled;
}

async function leaflet() {
  await Promise.all([sheet(), load("/static/vendor/leaflet/leaflet.js")]);
  return window.L;
}

async function features(url) {
  const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function about(properties) {
  const name = make("b", {}, properties.name ?? "");
  const box = make("div", {}, properties.url ? make("a", { href: properties.url }, name) : name);
  if (properties.words) box.append(make("div", {}, properties.words));
  for (const [words, href] of properties.more ?? []) box.append(make("div", {}, make("a", { href }, words)));
  return box;
}

function colour(light) {
  return token(`--clock-${light}-fill`) || token("--accent");
}

function shapeStyle(feature) {
  const { light, grade } = feature.properties;
  const fill = light ? colour(light) : token("--accent");
  return { color: token("--accent"), weight: 1, opacity: 0.7, fillColor: fill, fillOpacity: light ? 0.28 : 0.05 + 0.12 * (grade ?? 0) };
}

function pointMarker(L, many) {
  return (feature, at) => {
    const light = feature.properties.light ?? "none";
    if (many) return L.circleMarker(at, { radius: 4, weight: 1, color: token("--leaf"), fillColor: colour(light), fillOpacity: 1 });
    const svg = `<svg viewBox="0 0 16 16" width="18" height="18" class="map-point" data-light="${light in SHAPES ? light : "none"}">${SHAPES[light] ?? SHAPES.green}</svg>`;
    return L.marker(at, { icon: L.divIcon({ html: svg, className: "map-mark", iconSize: [18, 18] }), title: feature.properties.name ?? "", alt: feature.properties.name ?? "" });
  };
}

function picker(L, map, box, tell) {
  const lon = box.querySelector("[data-lon]");
  const lat = box.querySelector("[data-lat]");
  let pin = null;

  async function put(at, zoom) {
    pin ??= L.circleMarker(at, { radius: 9, weight: 4, color: token("--accent"), fillColor: token("--leaf"), fillOpacity: 1 }).addTo(map);
    pin.setLatLng(at);
    if (zoom) map.setView(at, Math.max(map.getZoom(), 14));
    tell(box.dataset.wordsPicked);
    if (!box.dataset.lookUp) return;
    try {
      const url = new URL(box.dataset.lookUp, location.href);
      url.search = new URLSearchParams({ lon: at.lng.toFixed(6), lat: at.lat.toFixed(6) });
      tell((await features(url)).words || box.dataset.wordsPicked);
    } catch { /* the point is picked all the same */ }
  }

  function write(at, zoom) {
    lon.value = at.lng.toFixed(6);
    lat.value = at.lat.toFixed(6);
    lon.dispatchEvent(new Event("input", { bubbles: true }));
    put(at, zoom);
  }

  function read() {
    const at = L.latLng(Number(lat.value) || 0, Number(lon.value) || 0);
    if (lon.value && lat.value && Math.abs(at.lat) <= 90) put(at, true);
  }

  map.on("click", (event) => write(event.latlng, false));
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    write(map.getCenter(), false);
  });
  for (const field of [lon, lat]) field.addEventListener("change", read);

  const locate = box.querySelector("[data-locate]");
  locate.hidden = !navigator.geolocation;
  locate.addEventListener("click", () => {
    tell(box.dataset.wordsLocating);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => write(L.latLng(coords.latitude, coords.longitude), true),
      () => tell(box.dataset.wordsNoPlace),
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
    );
  });
  read();
}

// A line through two points: the first click sets one end, the second the other, the third begins anew.
function liner(L, map, box, tell) {
  const lons = [...box.querySelectorAll("[data-lon]")];
  const lats = [...box.querySelectorAll("[data-lat]")];
  const look = { radius: 7, weight: 3, color: token("--accent"), fillColor: token("--leaf"), fillOpacity: 1, interactive: false };
  const drawn = L.layerGroup().addTo(map);

  function ends() {
    return lons.flatMap((lon, i) => (lon.value && lats[i].value ? [L.latLng(Number(lats[i].value) || 0, Number(lon.value) || 0)] : []));
  }

  function show() {
    const points = ends();
    drawn.clearLayers();
    if (points.length > 1) L.polyline(points, { color: token("--accent"), weight: 3, dashArray: "6 6", interactive: false }).addTo(drawn);
    for (const at of points) L.circleMarker(at, look).addTo(drawn);
    if (points.length) tell(points.length > 1 ? box.dataset.wordsPicked : box.dataset.wordsFirst);
  }

  function put(at) {
    const place = ends().length % 2;
    if (!place) for (const field of [...lons, ...lats]) field.value = "";
    lons[place].value = at.lng.toFixed(7);
    lats[place].value = at.lat.toFixed(7);
    lons[place].dispatchEvent(new Event("input", { bubbles: true }));
    show();
  }

  map.on("click", (event) => put(event.latlng));
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    put(map.getCenter());
  });
  for (const field of [...lons, ...lats]) field.addEventListener("change", show);
  show();
}

function room(map, shape) {
  const bounds = shape.getBounds();
  return Math.abs(map.latLngToLayerPoint(bounds.getNorthEast()).x - map.latLngToLayerPoint(bounds.getSouthWest()).x);
}

// About how long a name is when it is written: Chinese signs are twice as wide.
function length(name) {
  return [...name].reduce((sum, sign) => sum + (sign > "\u00ff" ? 15 : 8), 12);
}

// The names of shapes, written into those that are large enough for them at this zoom.
function names(map, layer, aiming) {
  function fit() {
    layer.eachLayer((shape) => {
      const name = shape.feature.properties.name;
      const wide = Boolean(name && !shape.opened && room(map, shape) > length(name));
      if (wide === shape.named) return;
      shape.named = wide;
      shape.unbindTooltip();
      if (wide) shape.bindTooltip(make("span", {}, name), { permanent: true, direction: "center", className: "map-name" });
      else if (name && !aiming) shape.bindTooltip(make("span", {}, name), { sticky: true });
    });
  }
  map.on("zoomend names", fit);
  fit();
  if (aiming) return;
  layer.on("mouseover", (event) => event.layer.setStyle({ weight: 3 }));
  layer.on("mouseout", (event) => layer.resetStyle(event.layer));
}

// What lies inside the shapes in view, fetched once they are drawn large enough to aim at.
function open(map, layer, add) {
  function look() {
    layer.eachLayer(async (shape) => {
      const { inner } = shape.feature.properties;
      if (!inner || shape.opened || room(map, shape) < ROOMY || !map.getBounds().intersects(shape.getBounds())) return;
      shape.opened = true;
      await add(inner).catch(() => { shape.opened = false; });
      map.fire("names");
    });
  }
  map.on("moveend", look);
  look();
}

// Adds the shapes of an address, each address once, with their names and what lies inside them.
function atlas(map, show, aiming) {
  const drawn = new Map();
  async function fetched(href) {
    const layer = await show(href);
    names(map, layer, aiming);
    open(map, layer, add);
    return layer;
  }
  function add(address) {
    const { href } = new URL(address, location.href);
    if (!drawn.has(href)) drawn.set(href, fetched(href));
    drawn.get(href).catch(() => drawn.delete(href));
    return drawn.get(href);
  }
  return add;
}

// Shows all of some bounds, and again when the window changes, until a hand has moved the map.
function framer(map, box) {
  let again;
  map.on("resize", () => again?.());
  for (const moved of ["pointerdown", "wheel", "keydown"]) box.addEventListener(moved, () => { again = null; }, { passive: true });
  return (bounds, options) => {
    if (!bounds.isValid()) return;
    again = () => map.fitBounds(bounds, { animate: false, ...options });
    again();
  };
}

// A select beside the map: what is chosen there is shown whole.
function finder(box, add, frame) {
  const select = document.querySelector(`select[name="${box.dataset.finder}"]`);
  async function go() {
    if (!select.value) return;
    const url = new URL(box.dataset.shapes, location.href);
    url.searchParams.set("below", select.value);
    const layer = await add(url.href);
    frame(layer.getBounds());
  }
  select?.addEventListener("change", go);
  if (select && !box.querySelector("[data-lon]").value) go();
}

async function draw(box) {
  const canvas = box.querySelector("[data-map-canvas]");
  const said = box.querySelector("[data-map-say]");
  const tell = (words) => { if (said) said.textContent = words ?? ""; };
  try {
    const L = await leaflet();
    canvas.hidden = false;
    const map = L.map(canvas, { attributionControl: false, preferCanvas: true, zoomSnap: 0.25, maxZoom: 19 });
    const [lon, lat, zoom] = (box.dataset.centre ?? "104,35,4").split(",").map(Number);
    map.setView([lat, lon], zoom || 13);
    if (box.dataset.tiles) L.tileLayer(box.dataset.tiles).addTo(map);
    const frame = framer(map, box);
    const picks = box.hasAttribute("data-pick") || box.hasAttribute("data-pick-line");
    if (box.hasAttribute("data-pick")) picker(L, map, box, tell);
    if (box.hasAttribute("data-pick-line")) liner(L, map, box, tell);
    const show = async (url, options) => {
      const collection = await features(url);
      return L.geoJSON(collection, options(collection)).addTo(map);
    };
    const tip = (feature, layer) => {
      if (picks) return;
      if (feature.properties.name) layer.bindTooltip(make("span", {}, feature.properties.name), { sticky: true });
      layer.bindPopup(() => about(feature.properties));
    };
    if (box.dataset.shapes) {
      const add = atlas(map, (url) => show(url, () => ({ style: shapeStyle, onEachFeature: tip, interactive: !picks })), picks);
      const layer = await add(box.dataset.shapes);
      if (!(box.hasAttribute("data-pick") && box.querySelector("[data-lon]")?.value)) frame(layer.getBounds());
      if (box.dataset.finder) finder(box, add, frame);
    }
    if (box.dataset.points) {
      const layer = await show(box.dataset.points, (all) => ({ pointToLayer: pointMarker(L, all.features.length > FINE), onEachFeature: tip }));
      if (!box.dataset.shapes) frame(layer.getBounds(), { maxZoom: 16 });
    }
  } catch {
    tell(box.dataset.wordsNone ?? box.dataset.wordsNoPlace);
    box.querySelector("details")?.setAttribute("open", "");
  }
}

export function wake(root) {
  for (const box of fresh(root, "[data-map]", wake)) draw(box);
}
