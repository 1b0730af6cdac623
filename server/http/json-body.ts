import { AppError } from "#server/platform/errors.ts";
import type { Api } from "./api.ts";

/** Reads the bodies of the routes of this scope as JSON, whatever they say that they are. Nothing at all is no body. */
export function readBodiesAsJson(scope: Api): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => {
    const text = String(body).trim();
    if (text === "") return done(null, undefined);
    try {
      done(null, JSON.parse(text));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : "it can't be parsed";
      done(new AppError("unreadable", `The body is no JSON: ${reason}.`, { cause }));
    }
  });
}
