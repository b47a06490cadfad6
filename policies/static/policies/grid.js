// Rows of policy tables: add, move, remove; sets of words told in one line.
"use strict";

function numberRows(section) {
  let number = 0;
  for (const row of section.querySelectorAll("table.rows > [data-row]")) {
    const removed = row.querySelector(".remove input[type=checkbox]")?.checked;
    row.classList.toggle("removed", Boolean(removed));
    if (!removed) number += 1;
    row.querySelector(".number").textContent = removed ? "" : String(number);
    row.querySelector("input[name$='-position']").value = String(number);
  }
}

function addRow(section) {
  const total = section.querySelector("input[name$='-TOTAL_FORMS']");
  const row = section.querySelector("template").content.querySelector("[data-row]").cloneNode(true);
  row.innerHTML = row.innerHTML.replaceAll("__prefix__", total.value);
  total.value = String(Number(total.value) + 1);
  section.querySelector("table.rows").append(row);
  row.querySelectorAll("details.set-input").forEach(tellSet);
  numberRows(section);
  row.querySelector("input:not([type=hidden]), select")?.focus();
}

function moveRow(row, up) {
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other || !other.matches("[data-row]")) return;
  if (up) other.before(row);
  else other.after(row);
}

function tellSet(details) {
  const summary = details.querySelector("summary");
  const chosen = [...details.querySelectorAll("input:checked")].map((box) => {
    const word = document.createElement("span");
    word.textContent = box.nextElementSibling.textContent;
    return word;
  });
  summary.replaceChildren(...chosen);
  if (chosen.length === 0) summary.textContent = summary.dataset.none;
  summary.classList.toggle("none", chosen.length === 0);
}

function onClick(event) {
  const section = event.target.closest("[data-grid]");
  const row = event.target.closest("[data-row]");
  if (!section) return;
  if (event.target.closest("[data-add]")) addRow(section);
  const moving = event.target.closest("[data-up], [data-down]");
  if (moving) {
    moveRow(row, moving.hasAttribute("data-up"));
    numberRows(section);
    moving.focus();
  }
  const columns = event.target.closest("[data-all-columns]");
  if (columns) {
    const all = section.classList.toggle("all-columns");
    columns.setAttribute("aria-pressed", String(all));
  }
}

function onChange(event) {
  const details = event.target.closest("details.set-input");
  if (details) tellSet(details);
  if (event.target.matches(".remove input")) numberRows(event.target.closest("[data-grid]"));
}

function closeOthers(event) {
  for (const open of document.querySelectorAll("details.set-input[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("details.set-input").forEach(tellSet);
  document.addEventListener("click", onClick);
  document.addEventListener("click", closeOthers);
  document.addEventListener("change", onChange);
});
