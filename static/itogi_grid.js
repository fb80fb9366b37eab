/* The grid of a plan by keyboard: move, type, paste, fill down, undo. Without this file it is a plain form. */
"use strict";

(() => {
    const grid = document.getElementById("grid");
    const rows = grid ? [...grid.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input")]) : [];
    const cells = rows.filter((row) => row.length);
    if (!cells.length) return;

    const POINT = new Intl.NumberFormat(document.documentElement.lang).format(1.5)[1];
    const form = document.getElementById("grid-0");
    const panel = document.getElementById("panel");
    const count = document.getElementById("grid-count");
    const place = new Map();
    const undone = [];
    const beside = new Map();
    let focused = null;
    let before = "";
    let anchor = null;
    let isEditing = false;
    let isSending = false;
    let waiting = Promise.resolve();
    let timer = 0;

    cells.forEach((row, y) => row.forEach((input, x) => place.set(input, [y, x])));

    /* Numbers: the server decides, this only shows what it will see. */
    function clean(text) {
        return text.replace(/[\s\u00a0\u202f'’]/g, "").replace(/−/g, "-").replace(/[^\d.,-]+$/, "");
    }

    function parse(text) {
        let number = clean(text);
        if (!number || number === "-" || number === "–") return null;
        const marks = number.match(/[.,]/g) || [];
        let point = "";
        if (new Set(marks).size === 2) point = marks.at(-1);
        else if (marks.length > 1) point = marks[0] === "," ? "." : ",";
        else if (marks.length) point = /^-?[1-9]\d{0,2}[.,]\d{3}$/.test(number) ? POINT : marks[0];
        number = number.split(point === "," ? "." : ",").join("").replace(point || "\0", ".");
        return /^-?\d*\.?\d*$/.test(number) && /\d/.test(number) ? Number(number) : NaN;
    }

    const stored = (input) => input.dataset.was ?? input.defaultValue;
    const same = (one, other) => one === other || Object.is(parse(one), parse(other));
    const isChanged = (input) => !same(input.value, stored(input));

    function mark(input) {
        const cell = input.closest("td");
        if (!cell) return;
        cell.classList.toggle("itogi-changed", isChanged(input));
        cell.classList.toggle("itogi-wrong", Number.isNaN(parse(input.value)));
        if (!isChanged(input)) cell.querySelector("em")?.remove();
    }

    function listChanged() {
        return cells.flat().filter(isChanged).map((input) => [input.name, input.value]).concat([...beside]);
    }

    function tell(text) {
        const changed = listChanged().length;
        count.textContent = [changed ? `${grid.dataset.changed}: ${changed}` : "", text].filter(Boolean).join(" · ");
    }

    /* Every change goes through here, so that each can be undone as one step. */
    function write(pairs, text) {
        const step = pairs.filter(([input, value]) => input.value !== value);
        if (step.length) undone.push(step.map(([input]) => [input, input.value]));
        step.forEach(([input, value]) => (input.value = value));
        settle(step.map(([input]) => input), text);
    }

    function settle(inputs, text) {
        inputs.forEach(mark);
        if (focused) before = focused.value;
        new Set(inputs.map((input) => place.get(input)[1])).forEach(total);
        tell(text);
    }

    function commit() {
        if (!focused || focused.value === before) return;
        undone.push([[focused, before]]);
        settle([focused]);
    }

    function undo() {
        const step = undone.pop();
        if (!step) return;
        step.forEach(([input, value]) => (input.value = value));
        settle(step.map(([input]) => input));
        go(...place.get(step[0][0]));
    }

    function total(x) {
        const foot = grid.tFoot?.rows[0].cells[x + 1];
        if (!foot) return;
        let sum = 0;
        let weight = 0;
        for (const row of cells) {
            const value = parse(row[x].value);
            if (value === null || Number.isNaN(value)) continue;
            const by = "ratio" in foot.dataset ? Number(row[x].closest("td").dataset.by) : 1;
            sum += value * by;
            weight += by;
        }
        const isRatio = "ratio" in foot.dataset;
        const shown = isRatio ? (weight ? sum / weight : null) : weight ? sum : null;
        const digits = isRatio ? 1 : 6;
        const format = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: digits });
        foot.querySelector("b").textContent = shown === null ? "–" : format.format(shown);
    }

    /* Moving and choosing. */
    function go(y, x) {
        const input = cells[y]?.[x];
        if (!input) return false;
        input.focus();
        input.select();
        return true;
    }

    function pick() {
        const chosen = new Set(listPicked().map((input) => input.closest("td")));
        grid.querySelectorAll(".itogi-picked").forEach((cell) => cell.classList.remove("itogi-picked"));
        if (chosen.size > 1) chosen.forEach((cell) => cell.classList.add("itogi-picked"));
    }

    function listPicked() {
        const [y, x] = place.get(focused);
        const [top, left] = anchor ?? [y, x];
        const found = [];
        for (let row = Math.min(y, top); row <= Math.max(y, top); row++)
            for (let column = Math.min(x, left); column <= Math.max(x, left); column++) found.push(cells[row][column]);
        return found;
    }

    function fillDown() {
        const [y, x] = place.get(focused);
        if (!anchor || anchor[0] === y) return y > 0 && write([[focused, cells[y - 1][x].value]]);
        const top = Math.min(y, anchor[0]);
        return write(listPicked().map((input) => [input, cells[top][place.get(input)[1]].value]));
    }

    function paste(text) {
        const [y, x] = anchor ? [Math.min(anchor[0], place.get(focused)[0]), Math.min(anchor[1], place.get(focused)[1])] : place.get(focused);
        const block = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
        const pairs = [];
        let lost = 0;
        block.forEach((line, down) =>
            line.forEach((value, right) => {
                const input = cells[y + down]?.[x + right];
                if (input) pairs.push([input, value.trim()]);
                else if (value.trim()) lost++;
            }),
        );
        write(pairs, lost ? `${grid.dataset.lost}: ${lost}` : "");
    }

    function extend(down, right, far) {
        anchor ??= place.get(focused);
        const [y, x] = place.get(focused);
        const kept = anchor;
        go(far && down > 0 ? cells.length - 1 : far && down < 0 ? 0 : y + down, x + right);
        anchor = kept;
        pick();
    }

    function move(down, right) {
        commit();
        const [y, x] = place.get(focused);
        return go(y + down, x + right);
    }

    function step(back) {
        const [y, x] = place.get(focused);
        const at = y * cells[0].length + x + (back ? -1 : 1);
        return at >= 0 && go(Math.floor(at / cells[0].length), at % cells[0].length);
    }

    const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

    function press(event) {
        const isCommand = event.ctrlKey || event.metaKey;
        if (event.isComposing || event.altKey) return false;
        if (event.key in ARROWS && !(isEditing && /Left|Right/.test(event.key))) {
            if (event.shiftKey) return extend(...ARROWS[event.key], isCommand), true;
            return move(...ARROWS[event.key]), true;
        }
        if (event.key === "Enter") return isCommand ? save() : move(event.shiftKey ? -1 : 1, 0), true;
        if (event.key === "Tab") return step(event.shiftKey);
        if (event.key === "Escape") return leave(), true;
        if (event.key === "F2") return (isEditing = true), focused.setSelectionRange(-1, -1), true;
        if (isCommand && event.code === "KeyD") return commit(), fillDown(), true;
        if (isCommand && event.code === "KeyZ" && focused.value === before) return undo(), true;
        if (event.key === "Delete" && !isEditing) return write(listPicked().map((input) => [input, ""])), true;
        if ((event.key === "=" || event.key === "+") && !isCommand) return take(event.key), true;
        return false;
    }

    function leave() {
        if (focused.value === before && !isEditing) return document.querySelector(".itogi-save button").focus();
        focused.value = before;
        isEditing = false;
        focused.select();
        return mark(focused);
    }

    function save() {
        commit();
        form.requestSubmit(document.querySelector(".itogi-save button"));
    }

    /* The panel of the cell in focus comes from the server; what is typed there waits for the next save. */
    function load(input) {
        const key = input.closest("td").id.slice(2).replace("-", ".");
        clearTimeout(timer);
        if (panel.querySelector("[data-cell]")?.dataset.cell === key) return;
        waiting = new Promise((resolve) => {
            timer = setTimeout(() => fetchPanel(key).finally(resolve), 120);
        });
    }

    async function fetchPanel(key) {
        const address = new URL(grid.dataset.panel, location.href);
        address.searchParams.set("cell", key);
        address.searchParams.set("layer", grid.dataset.layer);
        const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
        if (!answer.ok || answer.redirected) return tell(grid.dataset.away);
        const text = await answer.text();
        if (focused && focused.closest("td")?.id !== `c-${key.replace(".", "-")}`) return undefined;
        panel.innerHTML = text;
        panel.querySelectorAll("input").forEach((input) => {
            if (beside.has(input.name)) input.value = beside.get(input.name);
        });
        return undefined;
    }

    async function take(key) {
        const input = focused;
        await waiting;
        const button = [...panel.querySelectorAll("[data-take]")].find((each) => each.dataset.key === key);
        if (button && input === focused) write([[input, button.dataset.take]]);
    }

    /* A save sends only what has changed, as one field: a form may not have thousands. */
    function pack(event) {
        commit();
        const lines = document.createElement("input");
        lines.type = "hidden";
        lines.name = "cells";
        lines.value = listChanged().map(([name, value]) => `${name}\t${value}`).join("\n");
        event.target.append(lines);
        cells.flat().forEach((input) => (input.disabled = true));
        panel.querySelectorAll("input").forEach((input) => (input.disabled = true));
        isSending = true;
    }

    function unpack() {
        document.querySelectorAll("input[name=cells]").forEach((input) => input.remove());
        cells.flat().forEach((input) => (input.disabled = false));
        panel.querySelectorAll("input").forEach((input) => (input.disabled = false));
        isSending = false;
    }

    grid.addEventListener("focusin", (event) => {
        if (!place.has(event.target)) return;
        focused = event.target;
        before = focused.value;
        anchor = null;
        isEditing = false;
        focused.select();
        pick();
        load(focused);
    });
    grid.addEventListener("focusout", (event) => {
        if (place.has(event.target)) commit();
    });
    grid.addEventListener("mouseup", (event) => {
        if (place.has(event.target) && !isEditing) event.target.select();
    });
    grid.addEventListener("dblclick", () => (isEditing = true));
    grid.addEventListener("keydown", (event) => {
        if (place.has(event.target) && press(event)) event.preventDefault();
    });
    grid.addEventListener("input", (event) => place.has(event.target) && mark(event.target));
    grid.addEventListener("paste", (event) => {
        const text = event.clipboardData.getData("text/plain");
        if (!place.has(event.target) || (!/[\t\n]/.test(text) && isEditing)) return;
        event.preventDefault();
        paste(text);
    });
    grid.addEventListener("click", (event) => {
        const link = event.target.closest("td > a");
        const input = link?.parentElement.querySelector("input");
        if (!input) return;
        event.preventDefault();
        input.focus();
    });
    panel.addEventListener("input", (event) => {
        const input = event.target;
        if (same(input.value, stored(input))) beside.delete(input.name);
        else beside.set(input.name, input.value);
        tell();
    });
    panel.addEventListener("click", (event) => {
        const button = event.target.closest("[data-take]");
        const key = panel.querySelector("[data-cell]")?.dataset.cell.replace(".", "-");
        const input = key && document.getElementById(`c-${key}`)?.querySelector("input");
        if (button && input) write([[input, button.dataset.take]]);
    });
    document.querySelectorAll(".itogi-form").forEach((each) => each.addEventListener("submit", pack));
    window.addEventListener("pageshow", unpack);
    window.addEventListener("beforeunload", (event) => {
        if (!isSending && listChanged().length) event.preventDefault();
    });
    document.documentElement.classList.add("itogi-scripted");
    panel.querySelectorAll("input").forEach((input) => {
        if (!same(input.value, stored(input))) beside.set(input.name, input.value);
    });
    document.querySelectorAll("#carried input").forEach((input) => {
        beside.set(input.name, input.value);
        input.remove();
    });
    // A cell that says what is wrong with it keeps its mark, the others are marked as changed.
    cells.flat().filter(isChanged).forEach((input) => input.closest("td").classList.contains("itogi-wrong") || mark(input));
    if (listChanged().length) tell();
    if (!panel.querySelector("[data-cell]")) load(cells[0][0]);
})();
