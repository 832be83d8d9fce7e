import type { ProviderName } from "#ai/providers/create-model.ts";
import type { Clock } from "#ai/clock.ts";
import type { VendorOptions } from "#ai/providers/vendor-options.ts";
import { type KeyedProvider, type KeySource, keyFileVariable, type ModelSettings } from "../config/models.ts";
import type { Log } from "../log.ts";
import { createKeyReader } from "./read-key.ts";

/** How to reach a provider; all its models share it. */
export type Access = Omit<VendorOptions, "model">;

/** A server of one's own asks for no key, but the SDK does not do without. */
const NO_KEY = () => "none";

/** Every provider that can be asked. @throws ConfigError naming the variable of a key file that gives no key */
export function openAccess(
  { providers, local }: ModelSettings,
  deps: { readonly clock: Clock; readonly log: Pick<Log, "info" | "warn"> },
): ReadonlyMap<ProviderName, Access> {
  const keyed = Object.entries(providers) as [
    KeyedProvider,
    NonNullable<(typeof providers)[KeyedProvider]>,
  ][];
  return new Map<ProviderName, Access>([
    ...keyed.map(
      ([provider, { baseUrl, ...source }]) =>
        [provider, { readKey: openKey(provider, source, deps), baseUrl }] as const,
    ),
    ...(local ? [["local", { readKey: NO_KEY, baseUrl: local.baseUrl }] as const] : []),
  ]);
}

function openKey(
  provider: KeyedProvider,
  source: KeySource,
  { clock, log }: { readonly clock: Clock; readonly log: Pick<Log, "info" | "warn"> },
): () => string {
  if ("readKey" in source) return source.readKey;
  return createKeyReader({
    variable: keyFileVariable(provider),
    keyFile: source.keyFile,
    clock,
    onChange: () => log.info({ provider }, "another key is in use from now on"),
    onError: (reason) =>
      log.warn({ provider, reason }, "the key file gives no key; the last one stays in use"),
  });
}
