/** Comfort for the list of answers: all of a page are ticked at once, and what can be done opens with the first tick. */

const all = /** @type {HTMLInputElement | null} */ (document.getElementById("tick-all"));
const bulk = /** @type {HTMLDetailsElement | null} */ (document.getElementById("bulk"));
const boxes = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("#many input[name=id]")]);

function show() {
  const ticked = boxes.filter((box) => box.checked).length;
  if (all) {
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  if (bulk && ticked) bulk.open = true;
}

if (all && boxes.length) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  show(); // the browser may have kept ticks
}
