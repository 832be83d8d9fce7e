import { expect, test } from "vitest";
import { fillNames } from "./fill-names.ts";

const names = ["Ember", "Nox"];
const nameOf = (slot: number) => names[slot];

test("every mention of a slot becomes its player's name", () => {
  expect(fillNames("{slot:1}, tell {slot:0}. {slot:1}!", nameOf)).toBe("Nox, tell Ember. Nox!");
});

test("a slot nobody plays reads as someone", () => {
  expect(fillNames("Ask {slot:4}.", nameOf)).toBe("Ask someone.");
});

test("a name with special characters is put in as it is", () => {
  expect(fillNames("Hi {slot:0}", () => "$& <b>{slot:1}</b>")).toBe("Hi $& <b>{slot:1}</b>");
});
