/** The part of this folder's README that is for users: all before the first section about the repository. */
export function toPackageReadme(readme: string): string {
  const end = readme.indexOf("\n## Layout\n");
  if (end < 0) throw new Error("the README has no section Layout, before which the users' part ends");
  return `${readme.slice(0, end).trim()}\n`;
}
