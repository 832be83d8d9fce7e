type Child = Node | string | null | undefined | false;
type Listeners = { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };

interface Settings {
  class?: string;
  /** Attributes; `true` sets an empty one, `false` and undefined leave it out. */
  attrs?: Record<string, string | number | boolean | undefined>;
  on?: Listeners;
}

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element. Strings become text nodes, never markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  settings: Settings = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (settings.class) element.className = settings.class;
  applyAttributes(element, settings.attrs);
  for (const [type, run] of Object.entries(settings.on ?? {})) {
    element.addEventListener(type, run as EventListener);
  }
  element.append(...children.filter(isNode));
  return element;
}

/** Sets an element's text where it is another: even the same text again would be laid out anew. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** An SVG element. */
export function svg(
  tag: string,
  attrs: Record<string, string | number | boolean | undefined> = {},
  ...children: Child[]
): SVGElement {
  const element = document.createElementNS(SVG, tag);
  applyAttributes(element, attrs);
  element.append(...children.filter(isNode));
  return element;
}

function applyAttributes(element: Element, attrs: Settings["attrs"] = {}): void {
  for (const [name, value] of Object.entries(attrs)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

function isNode(child: Child): child is Node | string {
  return child !== null && child !== undefined && child !== false;
}
