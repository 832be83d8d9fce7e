import { expect, it } from "vitest";
import { createProgressLine } from "./progress-line.ts";

function write(isTTY: boolean, wanted: boolean, ...texts: string[]): string {
  let written = "";
  const line = createProgressLine(
    { isTTY, write: (text: unknown) => ((written += String(text)), true) },
    wanted,
  );
  for (const text of texts) line.show(text);
  line.end();
  return written;
}

it("writes over itself on a terminal, with nothing left of a longer text", () => {
  expect(write(true, true, "10 of 20", "9 left")).toBe("\r10 of 20\r9 left  \n");
});

it("writes a line each where there is no terminal, and none twice", () => {
  expect(write(false, true, "1 of 2", "1 of 2", "2 of 2")).toBe("1 of 2\n2 of 2\n");
});

it("writes nothing when it is not wanted, or there is nothing to tell", () => {
  expect(write(true, false, "1 of 2")).toBe("");
  expect(write(true, true)).toBe("");
});
