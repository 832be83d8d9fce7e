import type { DeskCall } from "./desk-session.ts";

/** One subject of the desk. */
export interface Panel {
  /** In the address; "" for the first. */
  readonly name: string;
  readonly label: string;
  readonly element: HTMLElement;
  /** Reads what it shows and draws it. Rejects when it cannot be read, and leaves what is drawn. */
  refresh(path: readonly string[]): Promise<void>;
}

/** What a panel may do. */
export interface DeskTools {
  readonly call: DeskCall;
  /** Reads and draws the shown panel anew. */
  readonly refresh: () => void;
  /** A short remark on what was done. */
  readonly say: (text: string) => void;
}
