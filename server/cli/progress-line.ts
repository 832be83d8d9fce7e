import type { WriteStream } from "node:tty";

export interface ProgressLine {
  /** Says how far it is: in place of what it said before on a terminal, else in a line of its own when it is news. */
  readonly show: (text: string) => void;
  /** Leaves the last line standing. */
  readonly end: () => void;
}

/** A line that changes while a command works; none when not `wanted`. */
export function createProgressLine(out: Pick<WriteStream, "write" | "isTTY">, wanted: boolean): ProgressLine {
  let shown = "";
  return {
    show(text) {
      if (!wanted || text === shown) return;
      out.write(out.isTTY ? `\r${text.padEnd(shown.length)}` : `${text}\n`);
      shown = text;
    },
    end() {
      if (out.isTTY && shown !== "") out.write("\n");
    },
  };
}
