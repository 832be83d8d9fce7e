import { el } from "../element.ts";

const PIECES = 7;

/** A few emoji fly up from `from` and fade; nothing where less motion is wished. */
export function burst(from: HTMLElement, emoji: string): void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const { left, top, width } = from.getBoundingClientRect();
  for (let i = 0; i < PIECES; i++) {
    const piece = el("span", { class: "burst", attrs: { "aria-hidden": "true" } }, emoji);
    piece.style.left = `${left + width / 2}px`;
    piece.style.top = `${top}px`;
    document.body.append(piece);
    const aside = (Math.random() - 0.5) * 110;
    const up = 50 + Math.random() * 70;
    const flight = piece.animate(
      [
        { transform: "translate(-50%, 0) scale(0.5)", opacity: 1 },
        {
          transform: `translate(calc(-50% + ${aside * 0.7}px), ${-up}px) scale(1.15)`,
          opacity: 1,
          offset: 0.6,
        },
        { transform: `translate(calc(-50% + ${aside}px), ${-up * 0.8}px) scale(0.9)`, opacity: 0 },
      ],
      { duration: 750 + Math.random() * 350, easing: "cubic-bezier(.2,.7,.3,1)" },
    );
    flight.addEventListener("finish", () => piece.remove());
  }
}
