// Pictures as PNG: the server's SVG, drawn by the browser.

const SHARPNESS = 2;

for (const button of document.querySelectorAll("[data-png]")) {
  if (!(button instanceof HTMLButtonElement)) continue;
  button.hidden = false;
  button.addEventListener("click", () => void save(button));
}

/** @param {HTMLButtonElement} button */
async function save(button) {
  const address = button.dataset.png ?? "";
  const answer = await fetch(address);
  if (!answer.ok) return;
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(await answer.text())}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * SHARPNESS;
  canvas.height = image.naturalHeight * SHARPNESS;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const link = document.createElement("a");
  link.href = canvas.toDataURL("image/png");
  link.download = `${new URL(address, location.href).pathname.split("/").at(-1)?.replace(".svg", ".png")}`;
  link.click();
}
