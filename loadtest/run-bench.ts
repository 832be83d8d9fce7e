import { parseArgs } from "node:util";
import type { BenchContext } from "./define-bench.ts";
import { findBenches } from "./find-benches.ts";
import { isBroken, judgeGate } from "./judge-gate.ts";
import { readMachine } from "./machine.ts";
import { toJson, toText } from "./print-report.ts";
import { endAllProcesses } from "./process/child-processes.ts";

const USAGE = "npm run bench -- <name> [--json] [--quick] [--seeds a,b] [--profile]";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    seeds: { type: "string", default: "1,2,3,4,5" },
    profile: { type: "boolean", default: false },
  },
});

const benches = findBenches();
const [name] = positionals;
process.exitCode = name === undefined ? await list() : await run(name);
endAllProcesses();
// A socket of a driver gone wrong must not keep a finished run alive.
process.exit();

async function list(): Promise<number> {
  process.stdout.write(`${USAGE}\n\n`);
  for (const load of benches.values()) {
    const bench = await load();
    if (bench) process.stdout.write(`${bench.name.padEnd(12)}${bench.summary}\n`);
  }
  return 0;
}

async function run(wanted: string): Promise<number> {
  const bench = await benches.get(wanted)?.();
  if (!bench) {
    process.stderr.write(`there is no benchmark "${wanted}"; without a name they are listed\n`);
    return 2;
  }
  const { quick } = values;
  const machine = readMachine();
  const context: BenchContext = {
    quick,
    chromiumPath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    profile: values.profile,
    seeds: values.seeds.split(",").filter((seed) => seed !== ""),
    progress: (text) => void process.stderr.write(`${text}\n`),
  };
  try {
    const result = await bench.run(context);
    const gates = result.gates.map(judgeGate);
    const report = { bench, machine, result, gates, quick };
    process.stdout.write(`${values.json ? toJson(report) : toText(report)}\n`);
    return (quick ? gates.some(isBroken) : gates.some(({ pass }) => !pass)) ? 1 : 0;
  } catch (error) {
    process.stderr.write(
      `${wanted} is broken: ${error instanceof Error ? (error.stack ?? "") : String(error)}\n`,
    );
    return 1;
  }
}
