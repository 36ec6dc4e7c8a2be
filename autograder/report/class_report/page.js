
"use strict";
// Sorting and searching the table of students. Without it the page is complete, but stands still.
(() => {
  const table = document.getElementById("students");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row) => ({ row, text: row.textContent.toLowerCase() }));
  const heads = Array.from(table.tHead.lastElementChild.cells);
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;

  const keyOf = (kind, cell) => {
    const text = cell.textContent.trim();
    return kind === "text" ? text : Number.parseFloat(text); // what was not judged is no number
  };

  const order = (kind, sign) => (a, b) => {
    if (kind === "text") return sign * compare(a.key, b.key);
    const [noA, noB] = [Number.isNaN(a.key), Number.isNaN(b.key)];
    return noA || noB ? noA - noB : sign * (a.key - b.key); // not judged comes last, whichever way
  };

  const sortBy = (head, index) => {
    const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    const kind = head.dataset.sort;
    const keyed = rows.map((entry) => ({ row: entry.row, key: keyOf(kind, entry.row.cells[index]) }));
    keyed.sort(order(kind, sign));
    heads.forEach((other) => other.setAttribute("aria-sort", "none"));
    head.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
    body.append(...keyed.map((entry) => entry.row));
  };

  heads.forEach((head, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sortBy(head, index));
    head.append(button);
  });

  const [search, kind, count] = ["search", "kind", "count"].map((id) => document.getElementById(id));
  const filter = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, text } of rows) {
      row.hidden = !(wanted.every((word) => text.includes(word)) && (!kind.value || row.dataset.kind === kind.value));
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = `${shown} of ${rows.length} shown`;
  };
  search.addEventListener("input", filter);
  kind.addEventListener("change", filter);
  document.getElementById("find").hidden = false;
  filter(); // a browser may have kept what was typed
})();
