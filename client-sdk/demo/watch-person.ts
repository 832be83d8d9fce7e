import { toTokenKey } from "../token-store.ts";
import { isSamePerson } from "./is-same-person.ts";

/**
 * Tells when another tab of this browser has made it somebody else's, or nobody's; a renewed token is neither. `page`
 * is the window, whose storage events tell only of other tabs.
 */
export function watchPerson(deps: {
  page: Pick<EventTarget, "addEventListener">;
  /** Of the server. */
  url: string;
  becameOther(): void;
  becameNobody(): void;
}): void {
  const kept = toTokenKey(deps.url);
  deps.page.addEventListener("storage", (event) => {
    const { key, oldValue, newValue } = event as StorageEvent;
    // Without a key all of it was cleared.
    if (key !== kept && key !== null) return;
    if (newValue === null) deps.becameNobody();
    // A first guest is nobody else: this tab had none, and takes that one.
    else if (oldValue !== null && !isSamePerson(oldValue, newValue)) deps.becameOther();
  });
}
