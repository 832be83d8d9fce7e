import type { RawChange } from "../engine.ts";

export type Update = { [operator: string]: { [field: string]: unknown } };

/** What an update needs to have when it changes nothing: it never inserts. */
const NOTHING: Update = { $setOnInsert: { nothing: 1 } };

/** One atomic update. Operators without fields are left out, because older servers refuse them. */
export function toUpdate({ set, unset, increment, max, push, addToSet }: RawChange): Update {
  const update: Update = {
    $set: set,
    $unset: Object.fromEntries(unset.map((field) => [field, 1])),
    $inc: increment,
    $max: max,
    $push: Object.fromEntries(
      Object.entries(push).map(([field, { values, cap }]) => [field, { $each: values, $slice: 0 - cap }]),
    ),
    $addToSet: addToSet,
  };
  const used = Object.entries(update).filter(([, fields]) => Object.keys(fields).length > 0);
  return used.length > 0 ? Object.fromEntries(used) : NOTHING;
}
