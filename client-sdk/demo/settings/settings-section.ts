/** One topic of the settings; `enter` is called whenever they are shown. */
export interface SettingsSection {
  element: HTMLElement;
  enter?(): void;
}
