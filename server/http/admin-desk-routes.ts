import * as z from "zod/mini";
import { PageQuery } from "#schema/api.ts";
import {
  EngagementReport,
  ErrorReport,
  PoolCoverage,
  PoolHistory,
  ProcessReport,
  RoomRow,
} from "#schema/desk.ts";
import { COVERAGE_HOURS_KEPT } from "#data/repositories/coverage-hours.ts";
import { InvalidCursorError } from "#data/errors.ts";
import type { Desk } from "../desk/create-desk.ts";
import { byViewers } from "../desk/list-rooms.ts";
import { HOURS_KEPT } from "../desk/pool-history.ts";
import { defineRoute, type Route } from "./route.ts";

const RoomQuery = z.extend(PageQuery, {
  kind: z.optional(z.string().check(z.regex(/^[a-z]{1,40}$/))),
});
const HistoryQuery = z.object({
  hours: z._default(z.coerce.number().check(z.minimum(0.1), z.maximum(HOURS_KEPT)), HOURS_KEPT),
  /** Most samples to answer with. */
  points: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1440)), 288),
});

const CoverageQuery = z.object({
  hours: z._default(
    z.coerce.number().check(z.int(), z.minimum(1), z.maximum(COVERAGE_HOURS_KEPT)),
    COVERAGE_HOURS_KEPT,
  ),
  /** Most hours to answer with. */
  points: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(COVERAGE_HOURS_KEPT)), 24),
});

/** What the person on call looks at: rooms, errors, engagement, the pool over time, the process. */
export function createAdminDeskRoutes(desk: Desk): Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/admin/rooms",
      summary: "Rooms of all kinds and processes, fullest first",
      access: "operator",
      limit: "read",
      query: RoomQuery,
      answer: z.object({ items: z.array(RoomRow), nextCursor: z.optional(z.string()) }),
      errors: { unavailable: 503 },
      handle: async ({ query: { kind, limit, cursor } }) => {
        const rooms = await desk.listRooms();
        const ofKind = kind ? rooms.filter((room) => room.kind === kind) : rooms;
        return toPage(ofKind, limit, cursor);
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/admin/errors",
      summary: "Errors of this process by place and code, and what pages and SDKs report",
      access: "operator",
      limit: "read",
      answer: ErrorReport,
      handle: () => desk.readErrors(),
    }),
    defineRoute({
      method: "GET",
      path: "/api/admin/process",
      summary: "How the process that answers is doing",
      access: "operator",
      limit: "read",
      answer: ProcessReport,
      errors: { unavailable: 503 },
      handle: () => desk.readProcess(),
    }),
    defineRoute({
      method: "GET",
      path: "/api/admin/pool/history",
      summary: "The pool's figures over the last hours, as this process saw them",
      access: "operator",
      limit: "read",
      query: HistoryQuery,
      answer: PoolHistory,
      handle: ({ query: { hours, points } }) => desk.readPoolHistory(hours, points),
    }),
    defineRoute({
      method: "GET",
      path: "/api/admin/pool/coverage",
      summary: "Active conversations by topic and difficulty over the last hours, up to a week",
      access: "operator",
      limit: "read",
      query: CoverageQuery,
      answer: PoolCoverage,
      handle: ({ query: { hours, points } }) => desk.readPoolCoverage(hours, points),
    }),
    defineRoute({
      method: "GET",
      path: "/api/admin/engagement",
      summary: "What audiences do, by day, and how many people come back",
      access: "operator",
      limit: "read",
      answer: EngagementReport,
      handle: () => desk.readEngagement(),
    }),
  ];
}

/** A cursor says where a page ended, so that rooms that come and go in between do no harm. */
function toPage(rooms: readonly RoomRow[], limit: number, cursor: string | undefined) {
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const left = after ? rooms.filter((room) => byViewers(room, after) > 0) : rooms;
  const items = left.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = last && left.length > limit ? `${last.viewers}.${last.roomId}` : undefined;
  return { items, ...(nextCursor !== undefined && { nextCursor }) };
}

function readCursor(cursor: string): Pick<RoomRow, "viewers" | "roomId"> {
  const [, viewers, roomId] = /^(\d{1,9})\.([\w-]{1,100})$/.exec(cursor) ?? [];
  if (viewers === undefined || roomId === undefined) throw new InvalidCursorError();
  return { viewers: Number(viewers), roomId };
}
