// Versions to compare: the button says how many are ticked, and waits for two.
{
  const choosing = (form) => {
    // Not those that sort the table.
    const button = form.querySelector("button:not([type=button])");
    const boxes = [...form.querySelectorAll("input[type=checkbox]")];
    const tell = () => {
      const chosen = boxes.filter((one) => one.checked).length;
      button.disabled = chosen < 2;
      form.querySelector("[data-chosen]").textContent = chosen > 1 ? ` ${chosen} versions` : "";
      form.querySelector("[data-choosing-says]").hidden = chosen > 1;
    };
    form.addEventListener("change", tell);
    // A browser that comes back to a page ticks what was ticked, after scripts ran.
    addEventListener("pageshow", tell);
    tell();
  };

  ready(() => document.querySelectorAll("[data-choosing]").forEach(choosing));
}
