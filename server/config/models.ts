import { z } from "zod";
import { GENERATION_METHODS, type GenerationMethod } from "#schema/vocabulary.ts";
import { PROVIDERS, type ProviderName } from "#ai/providers/create-model.ts";
import { BILLING_PROVIDERS, type BillingProvider } from "#ai/providers/cost-reports/create-cost-reports.ts";

/** A provider that asks for a key. */
export type KeyedProvider = Exclude<ProviderName, "local">;

/** A key given as it is, behind a function so that printing the configuration does not show it; or a file with one. */
export type KeySource = { readonly readKey: () => string } | { readonly keyFile: string };

export interface ModelSettings {
  /** Takes the place of the catalogue's order. */
  readonly order?: readonly ProviderName[];
  /** Those that have a key. */
  readonly providers: Readonly<
    Partial<Record<KeyedProvider, KeySource & { readonly baseUrl?: string | undefined }>>
  >;
  readonly local?: { readonly baseUrl: string; readonly model: string };
  /** Those whose bills can be read, with an administrator's key. */
  readonly costReports: Readonly<
    Partial<
      Record<BillingProvider, { readonly readKey: () => string; readonly baseUrl?: string | undefined }>
    >
  >;
  /** What an account of each kind may spend in a month. */
  readonly budgets: {
    readonly guestNanoUsd: number;
    readonly userNanoUsd: number;
    readonly systemNanoUsd: number;
  };
  readonly pool: {
    readonly method: GenerationMethod;
    /** Whether what may take a day is done in the vendor's own time, at its lower price. */
    readonly batch: boolean;
  };
}

const KEYED = PROVIDERS.filter((provider) => provider !== "local");
type Prefix = Uppercase<KeyedProvider>;
const prefixOf = (provider: KeyedProvider) => provider.toUpperCase() as Prefix;

/** The variable that names the file with a provider's key. */
export const keyFileVariable = (provider: KeyedProvider) => `${prefixOf(provider)}_API_KEY_FILE` as const;

/** A key goes into a header: anything else than plain characters could not be sent. */
export const ApiKey = z
  .string()
  .trim()
  .regex(/^[!-~]+$/, "must be one word of plain characters");

const NANO_PER_USD = 1_000_000_000;
const monthlyUsd = (usual: number) =>
  z.coerce
    .number()
    .min(0)
    .max(1_000_000)
    .default(usual)
    .transform((usd) => Math.round(usd * NANO_PER_USD));

const baseUrl = z.url({ protocol: /^https?$/, abort: true }).refine((url) => {
  const { username, password } = new URL(url);
  return username === "" && password === "";
}, "must hold no user name or password");

const order = z
  .string()
  .transform((list) =>
    list
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
  )
  .pipe(
    z
      .array(
        z.enum(PROVIDERS, {
          error: ({ input }) => `${String(input)} is no provider; there are ${PROVIDERS.join(", ")}`,
        }),
      )
      .min(1, "names no provider")
      .refine((names) => doubledIn(names) === undefined, {
        error: ({ input }) => `${doubledIn(input as string[])} stands twice`,
      }),
  );

const doubledIn = (names: readonly string[]) => names.find((name, at) => names.indexOf(name) !== at);

function forEachProvider<Name extends string, Schema>(name: Name, schema: Schema) {
  const fields = KEYED.map((provider) => [`${prefixOf(provider)}_${name}`, schema] as const);
  return Object.fromEntries(fields) as Record<`${Prefix}_${Name}`, Schema>;
}

const Variables = z.object({
  MODEL_CHAIN: order.optional(),
  ...forEachProvider("API_KEY", ApiKey.optional()),
  ...forEachProvider("API_KEY_FILE", z.string().optional()),
  ...forEachProvider("BASE_URL", baseUrl.optional()),
  ANTHROPIC_ADMIN_KEY: ApiKey.optional(),
  OPENAI_ADMIN_KEY: ApiKey.optional(),
  LOCAL_MODEL_BASE_URL: baseUrl.optional(),
  LOCAL_MODEL: z.string().optional(),
  BUDGET_GUEST_USD: monthlyUsd(0.1),
  BUDGET_USER_USD: monthlyUsd(1),
  BUDGET_SYSTEM_USD: monthlyUsd(50),
  POOL_METHOD: z.enum(GENERATION_METHODS).optional(),
  POOL_BATCH: z.enum(["true", "false"]).default("false"),
});
type Variables = z.infer<typeof Variables>;

/** The part of the environment that tells of models, as settings; issues name the variable and never a key. */
export const ModelEnvironment = Variables.superRefine((env, context) => {
  for (const prefix of KEYED.map(prefixOf)) {
    if (env[`${prefix}_API_KEY`] !== undefined && env[`${prefix}_API_KEY_FILE`] !== undefined) {
      const message = `set this or ${prefix}_API_KEY, not both`;
      context.addIssue({ code: "custom", path: [`${prefix}_API_KEY_FILE`], message });
    }
  }
  if (env.POOL_BATCH === "true" && (env.POOL_METHOD ?? "llm") !== "llm") {
    context.addIssue({ code: "custom", path: ["POOL_BATCH"], message: "goes with POOL_METHOD=llm only" });
  }
  if ((env.LOCAL_MODEL === undefined) !== (env.LOCAL_MODEL_BASE_URL === undefined)) {
    context.addIssue({
      code: "custom",
      path: ["LOCAL_MODEL and LOCAL_MODEL_BASE_URL"],
      message: "both are needed",
    });
  }
}).transform((env): ModelSettings => {
  const providers = readProviders(env);
  const local = readLocal(env);
  const hasAny = local !== undefined || Object.keys(providers).length > 0;
  return {
    ...(env.MODEL_CHAIN && { order: env.MODEL_CHAIN }),
    providers,
    ...(local && { local }),
    costReports: readCostReports(env),
    budgets: {
      guestNanoUsd: env.BUDGET_GUEST_USD,
      userNanoUsd: env.BUDGET_USER_USD,
      systemNanoUsd: env.BUDGET_SYSTEM_USD,
    },
    pool: {
      method: env.POOL_METHOD ?? usualMethod(hasAny, env.POOL_BATCH === "true"),
      batch: env.POOL_BATCH === "true",
    },
  };
});

/** Batches are of whole conversations: what is to be reworded is not written yet when they are handed in. */
function usualMethod(hasAny: boolean, isBatch: boolean): GenerationMethod {
  if (!hasAny) return "template";
  return isBatch ? "llm" : "hybrid";
}

function readProviders(env: Variables): ModelSettings["providers"] {
  return Object.fromEntries(
    KEYED.flatMap((provider) => {
      const source = readKeySource(env, prefixOf(provider));
      if (!source) return [];
      const baseUrl = env[`${prefixOf(provider)}_BASE_URL`];
      return [[provider, { ...source, ...(baseUrl && { baseUrl }) }]];
    }),
  );
}

function readKeySource(env: Variables, prefix: Prefix): KeySource | undefined {
  const key = env[`${prefix}_API_KEY`];
  if (key !== undefined) return { readKey: () => key };
  const keyFile = env[`${prefix}_API_KEY_FILE`];
  return keyFile === undefined ? undefined : { keyFile };
}

function readCostReports(env: Variables): ModelSettings["costReports"] {
  return Object.fromEntries(
    BILLING_PROVIDERS.flatMap((provider) => {
      const prefix = provider.toUpperCase() as Uppercase<BillingProvider>;
      const key = env[`${prefix}_ADMIN_KEY`];
      const baseUrl = env[`${prefix}_BASE_URL`];
      return key === undefined ? [] : [[provider, { readKey: () => key, ...(baseUrl && { baseUrl }) }]];
    }),
  );
}

function readLocal({ LOCAL_MODEL: model, LOCAL_MODEL_BASE_URL: baseUrl }: Variables): ModelSettings["local"] {
  return model === undefined || baseUrl === undefined ? undefined : { model, baseUrl };
}
