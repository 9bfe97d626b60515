// Progressive enhancement only: everything also works through plain forms, except editing in place.
(() => {
  "use strict";
  document.documentElement.classList.add("scripted");

  for (const field of document.querySelectorAll("[data-send]")) {
    field.addEventListener("change", () => field.form.requestSubmit());
  }
  if (matchMedia("(max-width: 760px)").matches) {
    for (const folded of document.querySelectorAll("[data-narrow-closed]")) folded.removeAttribute("open");
  }

  const document_ = document.querySelector("main[data-inline]");
  const area = document.querySelector(".in-place");
  if (!document_ || !area) return;
  const trouble = document.getElementById("trouble");

  const complain = (status, message) => {
    trouble.replaceChildren();
    const conflict = status === 409;
    trouble.append(conflict ? trouble.dataset.conflict : `${trouble.dataset.failed} ${message}`);
    if (conflict) {
      const link = document.createElement("a");
      link.href = location.pathname;
      link.textContent = trouble.dataset.reload;
      trouble.append(" ", link);
    }
    trouble.hidden = false;
    trouble.scrollIntoView({ block: "center" });
  };

  const learn = (version) => {
    document_.dataset.version = version;
    for (const field of document.querySelectorAll("#row-form [name=version], #tick-form [name=version]")) field.value = version;
  };

  const post = async (element, text) => {
    const sent = new URLSearchParams({ element: element.dataset.edit, version: document_.dataset.version, text });
    const answer = await fetch(document_.dataset.inline, {
      method: "POST", body: sent, headers: { Accept: "application/json" }, credentials: "same-origin",
    });
    const said = await answer.json().catch(() => ({ message: answer.statusText }));
    return { ok: answer.ok, status: answer.status, ...said };
  };

  // One after the other: each save names the version that the one before it made.
  let saving = Promise.resolve();
  const save = (element, before) => {
    const text = element.textContent.trim();
    if (text === before) return;
    saving = saving.then(() => post(element, text)).catch((error) => ({ ok: false, status: 0, message: error.message })).then((said) => {
      element.classList.toggle("unsaved", !said.ok); // what was typed stays to be read
      if (!said.ok) return complain(said.status, said.message);
      learn(said.version);
      element.classList.add("saved");
      setTimeout(() => element.classList.remove("saved"), 1200);
    });
  };

  const begin = (element) => {
    if (element.isContentEditable) return;
    const before = element.textContent.trim();
    element.contentEditable = "plaintext-only";
    if (!element.isContentEditable) element.contentEditable = "true";
    element.focus();
    const end = (keep) => {
      element.removeEventListener("blur", leave);
      element.removeEventListener("keydown", key);
      element.contentEditable = "false";
      if (keep) save(element, before);
      else element.textContent = before;
    };
    const leave = () => end(true);
    const key = (event) => {
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); element.blur(); }
      if (event.key === "Escape") end(false);
    };
    element.addEventListener("blur", leave);
    element.addEventListener("keydown", key);
  };

  for (const element of area.querySelectorAll("[data-edit]")) {
    element.tabIndex = 0;
    element.title = area.dataset.hint;
    element.addEventListener("click", (event) => { if (!event.target.closest("a, button")) begin(element); });
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !element.isContentEditable) { event.preventDefault(); begin(element); }
    });
  }
})();
