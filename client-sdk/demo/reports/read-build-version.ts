/** The build, as its bundle's name says it; it changes with every change of the page. */
export function readBuildVersion(bundle: string): string {
  return /-([A-Z0-9]{8})\.js$/.exec(bundle)?.[1] ?? "unbuilt";
}
