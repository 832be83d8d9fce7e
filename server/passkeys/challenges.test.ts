import { expect, test } from "vitest";
import { CHALLENGE_LIFE_MS, createChallenges, type ChallengeUse } from "./challenges.ts";

const secret = Buffer.from("a secret that only this test knows");
const use: ChallengeUse = { purpose: "register", origin: "https://parley.example", userId: "ann" };

function open() {
  let nowMs = 1_700_000_000_000;
  return {
    challenges: createChallenges(secret, () => nowMs),
    pass: (byMs: number) => void (nowMs += byMs),
  };
}

test("a challenge is good on every process that has the secret", () => {
  const { challenges } = open();
  const challenge = challenges.issue(use);
  const read = open().challenges.read(challenge, use);
  expect(read).toEqual({ id: expect.any(String), expiresAtMs: 1_700_000_000_000 + CHALLENGE_LIFE_MS });
  const others = createChallenges(Buffer.from("another secret"), () => 1_700_000_000_000);
  expect(others.read(challenge, use)).toBeNull();
});

test("no two are the same", () => {
  const { challenges } = open();
  const ids = Array.from({ length: 20 }, () => challenges.read(challenges.issue(use), use)?.id);
  expect(new Set(ids).size).toBe(20);
});

test.each<[string, Partial<ChallengeUse>]>([
  ["another purpose", { purpose: "sign-in" }],
  ["another page", { origin: "https://parley.example:8443" }],
  ["another person", { userId: "bob" }],
])("a challenge is no good for %s", (_what, other) => {
  const { challenges } = open();
  expect(challenges.read(challenges.issue(use), { ...use, ...other })).toBeNull();
});

test("a challenge ends after five minutes", () => {
  const { challenges, pass } = open();
  const challenge = challenges.issue(use);
  pass(5 * 60_000 - 1);
  expect(challenges.read(challenge, use)).not.toBeNull();
  pass(1);
  expect(challenges.read(challenge, use)).toBeNull();
});

test("a challenge of which any byte was changed is none of ours", () => {
  const { challenges } = open();
  const bytes = Buffer.from(challenges.issue(use), "base64url");
  for (let i = 0; i < bytes.length; i++) {
    const changed = Buffer.from(bytes);
    changed[i]! ^= 1;
    expect(challenges.read(changed.toString("base64url"), use)).toBeNull();
  }
});

test.each([[""], ["AAAA"], ["not base64url!"], ["A".repeat(4000)]])("%j is none of ours", (challenge) => {
  expect(open().challenges.read(challenge, use)).toBeNull();
});
