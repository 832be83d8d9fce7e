import { svg } from "../element.ts";

const PATHS = {
  eye: "M2 12C4.5 7.5 8 5.2 12 5.2s7.5 2.3 10 6.8c-2.5 4.5-6 6.8-10 6.8S4.5 16.5 2 12Zm10-3.2a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4Z",
  next: "M4.5 5.5 13 12l-8.5 6.5ZM13.5 5.5 22 12l-8.5 6.5Z",
  rooms: "M4 4h7v7H4Zm9 0h7v7h-7ZM4 13h7v7H4Zm9 0h7v7h-7Z",
  star: "m12 2.8 2.8 5.9 6.4.8-4.7 4.5 1.2 6.4L12 17.3l-5.7 3.1 1.2-6.4-4.7-4.5 6.4-.8Z",
  smile:
    "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8.6 8.6a1.3 1.3 0 1 1 0 2.6 1.3 1.3 0 0 1 0-2.6Zm6.8 0a1.3 1.3 0 1 1 0 2.6 1.3 1.3 0 0 1 0-2.6ZM7.3 13.5h9.4a4.9 4.9 0 0 1-9.4 0Z",
  watch: "M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-5 4.5V17H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Z",
  chatlings:
    "M5.5 2.5 9 5.4a9.6 9.6 0 0 1 6 0l3.5-2.9 1.2 6.6A8.3 8.3 0 0 1 21 13c0 4.7-4 8-9 8s-9-3.3-9-8c0-1.4.5-2.8 1.3-3.9ZM8.5 11a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2Zm7 0a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2Z",
  you: "M12 3a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM3.5 21c.4-4.6 3.8-7.2 8.5-7.2s8.1 2.6 8.5 7.2Z",
  back: "M11 4.5 12.5 6l-5 5H20v2H7.5l5 5-1.5 1.5L3.5 12Z",
  pen: "m4 16.6 9.9-9.9 3.4 3.4L7.4 20H4Zm11.2-11.2 1.7-1.7a1 1 0 0 1 1.4 0l2 2a1 1 0 0 1 0 1.4l-1.7 1.7Z",
  plus: "M11 4h2v7h7v2h-7v7h-2v-7H4v-2h7Z",
  down: "M11 4h2v11.2l4.6-4.6L19 12l-7 7-7-7 1.4-1.4 4.6 4.6Z",
} as const;

export type IconName = keyof typeof PATHS;

/** A small decorative drawing in the color of the text around it. */
export function icon(name: IconName): SVGElement {
  return svg(
    "svg",
    { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: PATHS[name], fill: "currentColor", "fill-rule": "evenodd" }),
  );
}
