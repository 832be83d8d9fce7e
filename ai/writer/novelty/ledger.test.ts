import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDraftLedger, createNoveltyLedger, type Noted } from "./ledger.ts";

function note(id: string, ...texts: readonly string[]): Noted {
  return { id, topicId: "tea", messages: texts.map((text) => ({ text })) };
}

function ledgerOf(...texts: readonly string[]) {
  const ledger = createNoveltyLedger();
  for (const [at, text] of texts.entries()) ledger.add(note(`c${at}`, text));
  return ledger;
}

describe("a line is stale", () => {
  it("when the pool has it word for word, whatever its punctuation and whoever it names", () => {
    const ledger = ledgerOf("Tea warms the coldest hands, {slot:1}!");
    expect(ledger.judge("Tea warms the coldest hands… {slot:3}.").isStale).toBe(true);
    expect(ledger.judge("Tea warms the oldest friends, {slot:3}.").isStale).toBe(false);
  });

  it("when it is short and the pool has had it often", () => {
    const ledger = ledgerOf(...Array.from({ length: 14 }, () => "Fair enough."));
    expect(ledger.judge("Fair enough!").isStale).toBe(false);
    ledger.add(note("more", "Fair enough."));
    expect(ledger.judge("Fair enough!").isStale).toBe(true);
  });

  it("when a run of six words of it stands in two messages of the pool", () => {
    const once = "Nobody ever told me about the moon and its cheese";
    const twice = "My uncle swears nobody ever told me about the garden";
    const ledger = ledgerOf(once);
    const line = "Well, nobody ever told me about the secret tunnel below our school yard";
    expect(ledger.judge(line).isStale).toBe(false);
    ledger.add(note("second", twice));
    expect(ledger.judge(line).isStale).toBe(true);
  });

  it("when nearly all its word pairs are those of another line", () => {
    const ledger = ledgerOf("A small brown owl sat on the old garden fence tonight");
    expect(ledger.judge("A small brown owl sat on the old garden fence yesterday").isStale).toBe(true);
    expect(ledger.judge("A small brown cat hid in the new kitchen drawer today").isStale).toBe(false);
  });

  it("when too many lines begin as it does", () => {
    const words = ["rain", "toast", "marbles", "kites", "soup", "paint"];
    const ledger = ledgerOf(...words.map((word) => `Let me tell ${word} stories of ${word} days`));
    expect(ledger.judge("Let me tell secrets about velvet shoes").isStale).toBe(true);
    expect(ledger.judge("Please let me tell secrets about velvet shoes").isStale).toBe(false);
  });

  it("when the conversation being written has it already", () => {
    const draft = createDraftLedger(createNoveltyLedger());
    expect(draft.judge("Soup is a hug in a bowl").isStale).toBe(false);
    draft.note("Soup is a hug in a bowl");
    expect(draft.judge("Soup is a hug in a bowl!").isStale).toBe(true);
    expect(draft.judge("Surely soup is a hug in a bowl on rainy Mondays").isStale).toBe(true);
  });
});

it("novelty is the share of word runs that the pool has not", () => {
  const ledger = ledgerOf("red kites fly high");
  expect(ledger.judge("green snails sleep late").novelty).toBe(1);
  expect(ledger.judge("red kites fly high").novelty).toBe(0);
  // Of three pairs and two triples, which weigh double, one pair and one triple are known.
  expect(ledger.judge("old red kites fly").novelty).toBeCloseTo(1 - (2 + 2) / (3 + 4));
});

it("cores are counted in the pool and by topic", () => {
  const ledger = createNoveltyLedger();
  ledger.add({ ...note("a", "x", "y"), cores: "k1 k2" });
  ledger.add({ ...note("b", "z"), topicId: "rain", cores: "k1" });
  expect([ledger.coreUses("k1"), ledger.coreUsesFor("tea", "k1"), ledger.coreUsesFor("rain", "k2")]).toEqual([
    2, 1, 0,
  ]);
  ledger.remove("a");
  expect([ledger.coreUses("k1"), ledger.coreUses("k2"), ledger.coreUsesFor("tea", "k1")]).toEqual([1, 0, 0]);
});

it("what is added and taken off leaves no trace, in whatever order, and twice is once", () => {
  const word = fc.constantFrom("owl", "tea", "rain", "moon", "hat", "soup", "kite", "bread");
  const text = fc.array(word, { minLength: 1, maxLength: 9 }).map((words) => words.join(" "));
  const conversations = fc.array(fc.array(text, { minLength: 1, maxLength: 4 }), { maxLength: 12 });
  fc.assert(
    fc.property(conversations, conversations, fc.array(text, { minLength: 5 }), (kept, dropped, asked) => {
      const plain = createNoveltyLedger();
      const used = createNoveltyLedger();
      for (const [at, texts] of dropped.entries()) used.add(note(`d${at}`, ...texts));
      for (const [at, texts] of kept.entries()) plain.add(note(`k${at}`, ...texts));
      for (const [at, texts] of [...kept.entries()].toReversed()) used.add(note(`k${at}`, ...texts));
      for (const [at, texts] of kept.entries()) used.add(note(`k${at}`, ...texts));
      for (const at of dropped.keys()) used.remove(`d${at}`);
      used.remove("unknown");
      expect(used.size).toBe(plain.size);
      for (const line of asked) expect(used.judge(line)).toEqual(plain.judge(line));
    }),
  );
});
