// A name written with the finger: strokes on a canvas, sent as a picture in a hidden field.

const LINE = 3;

function pad(frame) {
  const canvas = frame.querySelector("canvas");
  const kept = frame.querySelector("input[data-sign-picture]");
  const paint = canvas.getContext("2d");
  let drawing = false;

  function clean() {
    paint.fillStyle = "#fff";
    paint.fillRect(0, 0, canvas.width, canvas.height);
    kept.value = "";
  }

  function at(event) {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) * canvas.width) / box.width,
      ((event.clientY - box.top) * canvas.height) / box.height,
    ];
  }

  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    paint.beginPath();
    paint.moveTo(...at(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    paint.lineWidth = LINE;
    paint.lineCap = "round";
    paint.strokeStyle = "#111";
    paint.lineTo(...at(event));
    paint.stroke();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (!drawing) return;
      drawing = false;
      kept.value = canvas.toDataURL("image/png");
    });
  }
  frame.querySelector("[data-sign-again]").addEventListener("click", clean);
  frame.hidden = false;
  clean();
}

export function wake(root) {
  for (const frame of root.querySelectorAll("[data-sign]")) {
    if (!frame.hasAttribute("data-woken")) {
      frame.setAttribute("data-woken", "");
      pad(frame);
    }
  }
}
