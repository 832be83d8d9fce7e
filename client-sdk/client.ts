/**
 * The door of the npm package `@parley/client`: what can be imported from it. Types that these name, however far
 * down, are exported beside them by the pack step.
 */
// oxlint-disable oxc/no-barrel-file -- a package has one entry file; inside the repository nothing imports it
export { createClient } from "./create-client.ts";
export { ParleyError } from "./parley-error.ts";
export { createMemoryTokenStore, openTokenStore } from "./token-store.ts";
export {
  DIFFICULTIES,
  ELEMENTS,
  LINE_SENTIMENTS,
  OVERALL_SENTIMENTS,
  RARITIES,
  REACTION_EMOJI,
} from "#schema/vocabulary.ts";
