import type { ModelEntry } from "#ai/catalogue/catalogue-schema.ts";
import type { Catalogue } from "#ai/catalogue/read-catalogue.ts";
import { withLocalModel } from "#ai/catalogue/with-local-model.ts";
import type { Clock } from "#ai/clock.ts";
import type { LanguageModel } from "#ai/model.ts";
import { createModel, type ProviderName } from "#ai/providers/create-model.ts";
import type { ModelSettings } from "../config/models.ts";
import type { Log } from "../log.ts";
import { type Access, openAccess } from "./open-access.ts";

export interface Models {
  /** The given one, with the local model in it where there is one. */
  readonly catalogue: Catalogue;
  /** Providers that can be asked. */
  readonly available: ReadonlySet<ProviderName>;
  readonly access: ReadonlyMap<ProviderName, Access>;
  /** The one adapter of a model. @throws Error for one of a provider that is not available */
  get(entry: Pick<ModelEntry, "provider" | "id">): LanguageModel;
}

interface OpenModelsDeps {
  readonly settings: ModelSettings;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly log: Pick<Log, "info" | "warn">;
}

/**
 * Makes every model of the catalogue whose provider is configured, and tells the log in which order they are asked. Only
 * the SDKs of those providers are loaded.
 * @throws ConfigError naming the variable of a key file that gives no key
 */
export async function openModels({
  settings,
  catalogue: usual,
  clock,
  log,
}: OpenModelsDeps): Promise<Models> {
  const access = openAccess(settings, { clock, log });
  const catalogue = settings.local ? withLocalModel(usual, settings.local.model) : usual;
  const available = new Set(access.keys());
  const models = await createModels(catalogue, access, clock);
  tellChain(log, settings, catalogue, available);
  return {
    catalogue,
    available,
    access,
    get({ provider, id }) {
      const model = models.get(`${provider} ${id}`);
      if (!model) throw new Error(`${provider} ${id} is not among the models that can be asked`);
      return model;
    },
  };
}

async function createModels(
  { models }: Catalogue,
  access: ReadonlyMap<ProviderName, Access>,
  clock: Clock,
): Promise<ReadonlyMap<string, LanguageModel>> {
  const created = models.map(async ({ provider, id, cacheFromTokens: fromTokens }) => {
    const reached = access.get(provider);
    if (!reached) return [];
    const model = await createModel(provider, {
      ...reached,
      model: id,
      ...(fromTokens !== undefined && { caching: { clock, fromTokens } }),
    });
    return [[`${provider} ${id}`, model] as const];
  });
  return new Map((await Promise.all(created)).flat());
}

function tellChain(
  log: Pick<Log, "info" | "warn">,
  { order }: ModelSettings,
  catalogue: Catalogue,
  available: ReadonlySet<ProviderName>,
): void {
  const { targets } = catalogue.plan("default", { available, order });
  const chain = targets.map(({ provider, id }) => `${provider} ${id}`);
  const leftOut = order?.filter((provider) => !available.has(provider)) ?? [];
  log.info(
    { chain, ...(leftOut.length > 0 && { leftOut }) },
    chain.length > 0
      ? "models are asked in this order, where a task does not say otherwise"
      : "no model can be asked: everything is written offline",
  );
}
