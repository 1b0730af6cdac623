/**
 * Where pages reach the API while they render on the server: the process that renders them serves it too and
 * says where. Empty in the browser, where addresses are relative.
 */
export function apiBaseUrl(): string {
  if (typeof window !== "undefined") return "";
  return process.env.NAGARE_INTERNAL_URL ?? "http://127.0.0.1:3000";
}
