// Sort and filter of the providers table, over the rows that unfold as well. The page is complete without it.
(() => {
  "use strict";
  const table = document.getElementById("providers");
  if (!table) return;
  const further = document.getElementById("further");
  const bodies = [table, ...(further ? further.querySelectorAll("table") : [])].map((part) => part.tBodies[0]);
  const listed = further ? bodies[0].rows.length : Infinity;
  let rows = bodies.flatMap((body) => [...body.rows]);
  const count = rows.length;
  const text = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const tools = document.getElementById("tools");
  const input = tools.querySelector("input");
  const shown = tools.querySelector("output");
  const show = () => {
    const wanted = input.value.trim().toLowerCase();
    const found = wanted ? rows.filter((row) => text.get(row).includes(wanted)) : rows;
    bodies[0].replaceChildren(...found.slice(0, listed));
    if (further) {
      const left = found.slice(listed);
      bodies[1].replaceChildren(...left);
      further.hidden = left.length === 0;
      further.firstElementChild.textContent = left.length.toLocaleString("en") + " further providers";
    }
    shown.textContent = wanted ? found.length + " of " + count : "";
  };
  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent.trim().toLowerCase() : Number(cell.dataset.v);
  };
  const compare = (a, b) => (typeof a === "number" ? a - b : a < b ? -1 : a > b ? 1 : 0);
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    if (head.dataset.plain !== undefined) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const keys = new Map(rows.map((row) => [row, value(row, column)]));
      const numbers = count > 0 && typeof keys.get(rows[0]) === "number";
      const now = head.getAttribute("aria-sort");
      const down = now ? now === "ascending" : numbers;
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows = [...rows].sort((a, b) => (down ? -1 : 1) * compare(keys.get(a), keys.get(b)));
      show();
    });
  });
  tools.hidden = false;
  input.addEventListener("input", show);
})();
