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

  // The text of each part as the agent sent it: what did not change stays as it is.
  const sent = new Map();

  const parts = page => [...page.querySelectorAll("[data-part]")];

  const remember = part => sent.set(part.dataset.part, part.innerHTML);

  // The head of a column or the link of a fresh part that stands for this one.
  const successor = (element, part) =>
    [...part.querySelectorAll(element.localName)].find(one =>
      one.closest("table")?.className === element.closest("table")?.className
        && one.closest("th, td")?.cellIndex === element.closest("th, td")?.cellIndex
        && one.getAttribute("href") === element.getAttribute("href"));

  const isMarked = part => {
    const selection = getSelection();
    return !selection.isCollapsed && selection.containsNode(part, true);
  };

  const replace = (old, fresh) => {
    const focus = old.contains(document.activeElement) ? document.activeElement : null;
    remember(fresh);
    old.replaceWith(fresh);
    enhance(fresh);
    if (focus) successor(focus, fresh)?.focus({ preventScroll: true });
  };

  const update = page => {
    const main = document.querySelector("main");
    const fresh = parts(page);
    const names = fresh.map(part => part.dataset.part);
    parts(document).filter(part => !names.includes(part.dataset.part)).forEach(part => part.remove());
    let next = null;
    fresh.reverse().forEach(part => {
      const name = part.dataset.part;
      const old = document.querySelector(`[data-part="${name}"]`);
      const adopted = document.adoptNode(part);
      if (!old) {
        remember(adopted);
        main.insertBefore(adopted, next);
        enhance(adopted);
      } else if (sent.get(name) !== adopted.innerHTML && !isMarked(old)) {
        replace(old, adopted);
      }
      next = document.querySelector(`[data-part="${name}"]`);
    });
  };

  const load = async () => {
    const response = await fetch("/", { cache: "no-store" });
    if (!response.ok) throw new Error(response.status);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const before = verdict();
    document.title = page.title;
    update(page);
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
  document.addEventListener("keydown", event => {
    if (event.key === "/" && !event.target.matches("input") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      filter.focus();
    }
  });
  parts(document).forEach(remember);
  enhance(document);
  setTimeout(tick, 5000);
})();
