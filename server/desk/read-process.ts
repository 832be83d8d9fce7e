import type { Server } from "node:http";
import { promisify } from "node:util";
import { matchMaker, type Room } from "@colyseus/core";
import type { ProcessReport } from "#schema/desk.ts";
import { VERSION } from "../version.ts";
import { listProcesses } from "./list-rooms.ts";
import type { ProcessHealth } from "./process-health.ts";

export interface ProcessFacts {
  readonly uptimeMs: number;
  readonly store: ProcessReport["store"];
  readonly isLeader: boolean;
  /** The rooms of this process. */
  readonly rooms: ReadonlySet<Room>;
  readonly http: Server;
  readonly health: ProcessHealth;
}

/** What is known of the process that answers. @throws ApiError 503 while the other processes cannot be listed */
export async function readProcess(facts: ProcessFacts): Promise<ProcessReport> {
  const { rooms, http } = facts;
  return {
    processId: matchMaker.processId,
    version: VERSION,
    node: process.version,
    uptimeSeconds: Math.floor(facts.uptimeMs / 1000),
    store: facts.store,
    isLeader: facts.isLeader,
    rooms: rooms.size,
    viewers: [...rooms].reduce((sum, room) => sum + room.clients.length, 0),
    connections: await promisify<number>((done) => http.getConnections(done))(),
    ...facts.health.figures(),
    processes: await listProcesses(),
  };
}
