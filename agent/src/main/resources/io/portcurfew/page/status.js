"use strict";
(() => {
  const filter = document.getElementById("filter");
  const refresh = document.getElementById("refresh");
  const sorted = new Map();

  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.sort ?? cell.textContent.trim();
  };

  const compare = (one, other) =>
    one !== "" && other !== "" && !isNaN(one) && !isNaN(other)
      ? one - other
      : one.localeCompare(other, "en", { numeric: true });

  const sort = table => {
    const order = sorted.get(table.className);
    if (!order) return;
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const keys = new Map(rows.map(row => [row, value(row, order.column)]));
    rows.sort((a, b) => order.direction * compare(keys.get(a), keys.get(b)));
    body.append(...rows);
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (column === order.column) {
        head.setAttribute("aria-sort", order.direction > 0 ? "ascending" : "descending");
      } else {
        head.removeAttribute("aria-sort");
      }
    });
  };

  const apply = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(word => word);
    let shown = 0;
    let all = 0;
    document.querySelectorAll("main tbody tr").forEach(row => {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every(word => text.includes(word));
      all++;
      shown += row.hidden ? 0 : 1;
    });
    document.getElementById("shown").textContent =
      words.length ? shown + " of " + all + " rows" : "";
  };

  const enhance = part => {
    part.querySelectorAll("table").forEach(table => {
      [...table.tHead.rows[0].cells].forEach((head, column) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = head.textContent;
        button.addEventListener("click", () => {
          const before = sorted.get(table.className);
          const again = before && before.column === column;
          sorted.set(table.className, { column, direction: again ? -before.direction : 1 });
          sort(table);
        });
        head.replaceChildren(button);
      });
      sort(table);
    });
  };

  const announce = (before, after) => {
    if (before !== after) {
      document.getElementById("changes").textContent = "Changed: " + after;
    }
  };

  const verdict = () => document.querySelector(".verdict").textContent;

  const load = async () => {
    const response = await fetch("/", { cache: "no-store" });
    if (!response.ok) throw new Error(response.status);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const before = verdict();
    const focus = document.activeElement;
    page.querySelectorAll("[data-part]").forEach(fresh => {
      const old = document.querySelector(`[data-part="${fresh.dataset.part}"]`);
      // A part in which somebody works stays as it is.
      if (old && old.innerHTML !== fresh.innerHTML && !old.contains(focus)) {
        const adopted = document.adoptNode(fresh);
        old.replaceWith(adopted);
        enhance(adopted);
      } else if (!old) {
        document.querySelector("main").append(document.adoptNode(fresh));
        enhance(fresh);
      }
    });
    apply();
    announce(before, verdict());
  };

  let failed = false;
  const tick = async () => {
    if (refresh.checked && !document.hidden) {
      try {
        await load();
        if (failed) document.getElementById("changes").textContent = "The agent answers again.";
        failed = false;
      } catch {
        if (!failed) {
          document.getElementById("changes").textContent =
            "The agent does not answer; this page is not up to date.";
        }
        failed = true;
      }
    }
    setTimeout(tick, 5000);
  };

  document.getElementById("tools").hidden = false;
  filter.addEventListener("input", apply);
  enhance(document);
  setTimeout(tick, 5000);
})();
