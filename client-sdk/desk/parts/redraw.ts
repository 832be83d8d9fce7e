/** Puts other content into a part of the page; focus, open details and sideways scrolling stay where they were. */
export function redraw(body: HTMLElement, content: readonly Node[], fallback: HTMLElement): void {
  const active = body.contains(document.activeElement) ? document.activeElement : null;
  const opened = [...body.querySelectorAll("details[open]")].map(({ id }) => id);
  const scrolled = [...body.querySelectorAll(".scroll")].map(({ id, scrollLeft }) => ({ id, scrollLeft }));
  body.replaceChildren(...content);
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  for (const { id, scrollLeft } of scrolled) document.getElementById(id)?.scrollTo({ left: scrollLeft });
  if (!active) return;
  // What had the focus may be gone, as a row that was deleted.
  const again = active.id === "" ? null : document.getElementById(active.id);
  (again ?? fallback).focus({ preventScroll: true });
}
