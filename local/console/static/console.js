// Comfort only; every page works without it. Refreshes what is live while nobody is reading closely, and copies.
const main = document.querySelector("main[data-live]");

function busy() {
  return document.hidden || main.querySelector("details[open], :focus") || String(getSelection()) !== "";
}

async function refresh() {
  if (!busy()) {
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.ok && !busy()) {
        main.replaceChildren(...fresh.querySelector("main").childNodes);
        document.title = fresh.title;
      }
      document.body.classList.remove("away");
    } catch {
      document.body.classList.add("away");
    }
  }
  setTimeout(refresh, main.dataset.live * 1000);
}

if (main) setTimeout(refresh, main.dataset.live * 1000);

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
}
