/** One of the app's screens; all of them stay on the page, so that what runs in one goes on behind another. */
export interface Screen {
  readonly element: HTMLElement;
  /** For the page's title. */
  title(): string;
  /**
   * It is shown now, or what follows its name in the address has changed. Answers what takes the focus, where
   * that is not the screen's heading.
   */
  enter(path: readonly string[]): HTMLElement | undefined;
}
