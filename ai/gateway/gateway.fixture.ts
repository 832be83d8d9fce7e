import { AMPLE_LIMITS } from "../catalogue/ample-limits.fixture.ts";
import type { ProviderName } from "../providers/create-model.ts";
import { toCatalogue } from "../catalogue/read-catalogue.ts";
import { createFakeClock } from "../fake-clock.ts";
import type { AccountTerms, LedgerEntry } from "./ports.ts";
import { type BudgetAlert, createBudgets } from "./budgets.ts";
import { createGateway, type GatewayLimits } from "./gateway.ts";
import { createMemoryAccounts, createMemoryPurses } from "./memory-ports.fixture.ts";
import { createScriptedModel, type ScriptedCall } from "./scripted-model.fixture.ts";
import type { MeteredCall } from "./with-meter.ts";
import type { Permits } from "./with-permits.ts";

/** Of the three providers that tests use: how readily they refuse, and their price in and out. */
const MODELS = {
  groq: { censorship: "medium", input: 1, output: 1 },
  mistral: { censorship: "high", input: 10, output: 10 },
  together: { censorship: "low", input: 100, output: 100 },
} as const;
export type TestProvider = keyof typeof MODELS;

/** Everybody may start at once. */
const FREE: Permits = {
  hand: () => ({ release: () => undefined }),
  acquire: async () => await Promise.reject(new Error("nobody has to wait")),
  pauseFor: () => undefined,
  figures: () => ({ inUse: 0, waiting: 0 }),
  close: async () => await Promise.resolve(),
};

export interface TestGatewayOptions {
  readonly terms?: Record<string, AccountTerms>;
  readonly limits?: Partial<GatewayLimits>;
}

/** A gateway over scripted models, in the order given, with all of its policies and books in memory. */
export function createTestGateway(
  calls: Partial<Record<TestProvider, readonly ScriptedCall[]>>,
  { terms = {}, limits }: TestGatewayOptions = {},
) {
  const names = Object.keys(calls) as TestProvider[];
  const clock = createFakeClock();
  const purses = createMemoryPurses();
  const entries: LedgerEntry[] = [];
  const metered: MeteredCall[] = [];
  const told: string[] = [];
  const alerts: BudgetAlert[] = [];
  const models = new Map(
    names.map((name) => [name as ProviderName, createScriptedModel(name, ...(calls[name] ?? []))]),
  );
  let ids = 0;
  const gateway = createGateway({
    catalogue: toTestCatalogue(names),
    models: {
      available: new Set(names),
      get: ({ provider }) => models.get(provider) as NonNullable<ReturnType<typeof models.get>>,
    },
    permits: () => FREE,
    budgets: createBudgets({
      purses,
      accounts: createMemoryAccounts(terms),
      clock,
      onAlert: (alert) => alerts.push(alert),
      onError: () => undefined,
    }),
    ledger: { book: (entry) => void entries.push(entry), isBehind: () => false },
    clock,
    rng: () => 0,
    newId: () => `e${ids++}`,
    onCall: (call) => metered.push(call),
    onError: () => undefined,
    onSwitch: (task, from, reason) =>
      told.push(`${task}: ${from.provider} ${typeof reason === "string" ? reason : reason.fault}`),
    onBreaker: (provider, state) => told.push(`${provider} is ${state}`),
    limits,
  });
  return { gateway, clock, purses, entries, metered, told, alerts, models };
}

const ALL = Object.keys(MODELS) as TestProvider[];

function toTestCatalogue(names: readonly TestProvider[]) {
  return toCatalogue({
    providers: AMPLE_LIMITS,
    models: ALL.map((provider) => {
      const { censorship, input, output } = MODELS[provider];
      return {
        provider,
        id: `${provider}-model`,
        speed: "fast",
        censorship,
        limits: { contextTokens: 100_000, outputTokens: 8_000 },
        takes: { temperature: provider === "groq", effort: provider === "mistral" },
        batch: 0.5,
        prices: [{ from: "2025-01-01", input, output }],
      };
    }),
    chain: [...names, ...ALL.filter((name) => !names.includes(name))],
    tasks: {
      default: {
        models: Object.fromEntries(ALL.map((name) => [name, `${name}-model`])),
        outputTokens: 1_000,
        temperature: 0.7,
        effort: "low",
      },
    },
  });
}
