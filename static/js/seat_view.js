// Map or list of the same seats: the choice stays, and the next page begins with what was used last.
export function asMapOrList(map) {
  const links = [...map.querySelectorAll("[data-views] a")];
  map.querySelector("[data-views]").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    map.dataset.view = link.dataset.to;
    for (const other of links) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    document.cookie = `seat_view=${link.dataset.to}; path=/book/; max-age=31536000; SameSite=Lax`;
  });
}
