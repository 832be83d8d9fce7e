import type { ShownLine } from "./open-measured-page.ts";

/** The page is at rest by then. */
export const BARE_PAGE_STARTS_MS = 2000;

/**
 * The least that a page of lines can be: it adds each of the given lines as a plain paragraph, when it is due, in a
 * scroller that rests at its end. Answers its address.
 */
export function writeBarePage(lines: readonly ShownLine[]): string {
  const [first] = lines;
  const schedule = lines.map(({ atMs, text }) => ({ inMs: atMs - (first?.atMs ?? 0), text }));
  const html = `<!doctype html><meta name="viewport" content="width=device-width">
    <body style="display:flex;flex-direction:column-reverse;height:90vh;overflow:auto"><div></div><script>
    const log = document.querySelector("div");
    for (const { inMs, text } of ${JSON.stringify(schedule).replaceAll("<", "\\u003c")})
      setTimeout(() => {
        const line = document.createElement("p");
        line.dataset.line = "of this page";
        line.textContent = text;
        log.append(line);
      }, ${BARE_PAGE_STARTS_MS} + inMs);
    </script>`;
  return `data:text/html,${encodeURIComponent(html)}`;
}
