// Photos from the camera: shown at once, made smaller on the phone, taken back with one tap.

import { fresh, icon, make } from "./find.js";

const LONGEST = 2048;
const QUALITY = 0.85;

async function smaller(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
  return new File([blob], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" });
}

function photos(box) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-photo-list]");
  const said = box.querySelector("[data-photo-say]");
  const { most, wordsRemove, wordsMost, wordsBad } = box.dataset;
  let kept = [];

  function write() {
    const transfer = new DataTransfer();
    for (const { file } of kept) transfer.items.add(file);
    input.files = transfer.files;
    box.querySelector(".photo-add").toggleAttribute("data-full", kept.length >= Number(most));
    list.replaceChildren(...kept.map(({ file, url }, place) => {
      const image = make("img", { src: url, alt: file.name });
      const away = make("button", { class: "photo-remove", type: "button", "aria-label": `${wordsRemove} ${place + 1}` }, icon("x"));
      away.addEventListener("click", () => {
        URL.revokeObjectURL(url);
        kept = kept.filter((one) => one.url !== url);
        write();
        input.focus();
      });
      return make("li", {}, make("span", { class: "photo-kept" }, image), away);
    }));
  }

  input.addEventListener("change", async () => {
    const added = [...input.files];
    said.textContent = "";
    for (const file of added) {
      if (kept.length >= Number(most)) {
        said.textContent = wordsMost;
        break;
      }
      try {
        const small = await smaller(file);
        kept.push({ file: small, url: URL.createObjectURL(small) });
      } catch {
        said.textContent = `${wordsBad}：${file.name}`;
      }
    }
    write();
  });
}

export function wake(root) {
  for (const box of fresh(root, "[data-photos]", wake)) photos(box);
}
