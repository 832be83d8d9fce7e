import { Counter, type CounterConfiguration, type LabelValues } from "prom-client";

/** What was counted since the registry was read. */
export interface Pending {
  value: number;
}

/** A counter for what happens with every call: to count is one addition, and labels are looked up when it is read. */
export interface LazyCounter<Label extends string> {
  /** Stands at 0 at first. To be asked for once, and then added to. */
  pending(labels: LabelValues<Label>): Pending;
}

export function createLazyCounter<Label extends string>(
  options: CounterConfiguration<Label>,
): LazyCounter<Label> {
  const all: { readonly labels: LabelValues<Label>; readonly pending: Pending }[] = [];
  const counter = new Counter({
    ...options,
    collect() {
      for (const { labels, pending } of all) {
        counter.inc(labels, pending.value);
        pending.value = 0;
      }
    },
  });
  return {
    pending(labels) {
      const pending = { value: 0 };
      all.push({ labels, pending });
      return pending;
    },
  };
}
