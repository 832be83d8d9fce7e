import { expect, test } from "vitest";
import { createTokens } from "#server/tokens.ts";
import { toTokenKey } from "../token-store.ts";
import { watchPerson } from "./watch-person.ts";

const URL_HERE = "http://parley.test";
const KEY = toTokenKey(URL_HERE);
const tokens = createTokens(new TextEncoder().encode("a secret that only tests know"));
const tokenOf = (id: string, days = 0) => tokens.sign(id, days * 86_400_000, 3600);

/** What a tab is told when another one changes what is kept. */
function tellTab(change: { key: string | null; oldValue: string | null; newValue: string | null }): string[] {
  const page = new EventTarget();
  const told: string[] = [];
  watchPerson({
    page,
    url: URL_HERE,
    becameOther: () => void told.push("other"),
    becameNobody: () => void told.push("nobody"),
  });
  page.dispatchEvent(Object.assign(new Event("storage"), change));
  return told;
}

test("a renewed token is the same person's", () => {
  expect(tellTab({ key: KEY, oldValue: tokenOf("ann"), newValue: tokenOf("ann", 1) })).toEqual([]);
});

test("another person's token is told as such, and so is one that cannot be read", () => {
  expect(tellTab({ key: KEY, oldValue: tokenOf("ann"), newValue: tokenOf("ben") })).toEqual(["other"]);
  expect(tellTab({ key: KEY, oldValue: "opaque", newValue: "opaque too" })).toEqual(["other"]);
});

test("a token that was taken away leaves nobody, whether by itself or with all else", () => {
  expect(tellTab({ key: KEY, oldValue: tokenOf("ann"), newValue: null })).toEqual(["nobody"]);
  expect(tellTab({ key: null, oldValue: null, newValue: null })).toEqual(["nobody"]);
});

test("the first guest and what others keep are no change of person", () => {
  expect(tellTab({ key: KEY, oldValue: null, newValue: tokenOf("ann") })).toEqual([]);
  expect(tellTab({ key: `${KEY}1`, oldValue: tokenOf("ann"), newValue: null })).toEqual([]);
});
