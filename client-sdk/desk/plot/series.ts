/** Something measured now and then; null where there was nothing to measure. */
export interface Series {
  readonly label: string;
  readonly points: readonly { readonly atMs: number; readonly value: number | null }[];
}
