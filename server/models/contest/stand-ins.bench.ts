import { type Catalogue, createCatalogue } from "#ai/catalogue/read-catalogue.ts";

/** Two models on loopback, for where none is configured. */
export const CAREFUL = "loopback-careful";
export const CARELESS = "loopback-careless";
export const STAND_IN_PROVIDER = "together";

/** What a stand-in did with a request. */
export type Deed = "fine" | "refused" | "broken" | "unfit";

/** The catalogue with the two in the place of all models, at the price of one that exists. */
export function toStandInCatalogue({ file, models }: Catalogue): Catalogue {
  const priced = models.find(({ provider }) => provider === STAND_IN_PROVIDER);
  if (!priced) throw new Error(`the catalogue has no model of ${STAND_IN_PROVIDER}`);
  return createCatalogue({
    ...file,
    models: [CAREFUL, CARELESS].map((id) => ({ ...priced, id })),
    tasks: { ...file.tasks, default: { ...file.tasks.default, models: { [STAND_IN_PROVIDER]: CAREFUL } } },
  });
}
