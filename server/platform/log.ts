import pino, { type Logger } from "pino";
import type { LogLevel } from "./env.ts";

/**
 * One line per fact: `log.info({ durationMs }, "migrations.applied")`. The message is a noun and a past participle;
 * ids, counts and durations go into the fields. Never a payload.
 */
export type Log = Logger;

type Destination = { write: (line: string) => void };

type LogOptions = { level: LogLevel; format: "text" | "json"; destination?: Destination };

/** JSON lines for machines, or one short line for people. */
export function createLog({ level, format, destination = process.stdout }: LogOptions): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    format === "json" ? destination : { write: (line) => destination.write(formatForPeople(line)) },
  );
}

type ErrorDescription = {
  type: string;
  code?: string;
  message: string;
  stack?: string;
  cause?: ErrorDescription;
};

const MAX_CAUSES = 5;

/** Only these fields: the `detail` and `where` of a database error can hold the values of a row. */
function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  return {
    type: error.name,
    ...("code" in error && typeof error.code === "string" ? { code: error.code } : {}),
    message: error.message,
    ...(error.stack ? { stack: error.stack } : {}),
    ...(error.cause !== undefined && depth < MAX_CAUSES
      ? { cause: describeError(error.cause, depth + 1) }
      : {}),
  };
}

function formatForPeople(line: string): string {
  const { level, time, msg, err, ...fields }: Record<string, unknown> = JSON.parse(line);
  const clock = String(time).slice(11, 19);
  const details = Object.entries(fields).map(([name, value]) => `${name}=${formatValue(value)}`);
  const label = level === "info" ? "" : String(level).toUpperCase();
  const hasStack = level === "error" || level === "fatal";
  const causes = listCauses(err).map((cause) => `\n  ${formatCause(cause, hasStack)}`);
  return `${[clock, label, msg, ...details].filter(Boolean).join(" ")}${causes.join("\n  caused by:")}\n`;
}

function formatValue(value: unknown): string {
  return typeof value === "string" && !/[\s"]/.test(value) ? value : JSON.stringify(value);
}

type Cause = { type?: unknown; message?: unknown; stack?: unknown; cause?: unknown };

/** The error and what caused it, outermost first. */
function listCauses(error: unknown): Cause[] {
  if (typeof error !== "object" || error === null) return [];
  const cause: Cause = error;
  return [cause, ...listCauses(cause.cause)];
}

/** An `AppError` says what to do in its message, and where it was thrown helps nobody. */
function formatCause({ type, message, stack }: Cause, hasStack: boolean): string {
  const isForPeople = type === "AppError" || !hasStack;
  return String(isForPeople ? message : (stack ?? message)).replaceAll("\n", "\n  ");
}
