import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingHttpHeaders } from "node:http";
import type { Context } from "#server/platform/context.ts";
import type { Api } from "./api.ts";

/** Names whoever sends a request, for the audit trail. It is taken as it is said: Nagare has no log-in. */
const ACTOR_HEADER = "nagare-actor";
const LONGEST = 200;
/** Says on which page something was asked for, with the same trust. */
const VIEW_HEADER = "nagare-view";
const LONGEST_VIEW = 2000;

type Asked = { actor: string | null; view: string | null };
const asked = new AsyncLocalStorage<Asked>();

/** The context for verbs that requests ask for: who acts is whoever sent the request. */
export function inRequests(ctx: Context): Context {
  return {
    ...ctx,
    get actor() {
      return asked.getStore()?.actor ?? ctx.actor;
    },
    get view() {
      return asked.getStore()?.view ?? null;
    },
  };
}

/** Lets every handler run in the name of its request. */
export function readActors(api: Pick<Api, "addHook">): void {
  api.addHook("preHandler", ({ headers }, _reply, done) => {
    asked.run({ actor: actorOf(headers), view: viewOf(headers) }, done);
  });
}

/** Who is named in the headers; `console` for a page of ours in a browser; null where nothing is said. */
export function actorOf(headers: IncomingHttpHeaders): string | null {
  const named = [headers[ACTOR_HEADER]].flat()[0]?.trim().slice(0, LONGEST);
  if (named) return named;
  return headers["sec-fetch-site"] === "same-origin" ? "console" : null;
}

function viewOf(headers: IncomingHttpHeaders): string | null {
  return [headers[VIEW_HEADER]].flat()[0]?.trim().slice(0, LONGEST_VIEW) || null;
}
