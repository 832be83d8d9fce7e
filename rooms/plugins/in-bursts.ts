const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Runs `each` over the items, `size` at a time, letting the event loop turn in between, so that a thousand
 * viewers' worth of work never holds up a line. Begins in the caller's turn. A failing item does not keep the
 * others from their turn; the first failure is thrown at the end.
 */
export async function inBursts<Item>(
  items: readonly Item[],
  size: number,
  each: (item: Item) => void | Promise<void>,
): Promise<void> {
  let failure: { readonly error: unknown } | null = null;
  const note = (error: unknown): void => void (failure ??= { error });
  for (let start = 0; start < items.length; start += size) {
    if (start > 0) await nextTurn();
    const running: Promise<void>[] = [];
    for (const item of items.slice(start, start + size)) {
      try {
        const result = each(item);
        if (result) running.push(result.catch(note));
      } catch (error) {
        note(error);
      }
    }
    if (running.length > 0) await Promise.all(running);
  }
  if (failure) throw (failure as { readonly error: unknown }).error;
}
