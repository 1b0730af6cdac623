type QueryValue = string | number | boolean | null | undefined | readonly string[];
export type ApiQuery = Record<string, QueryValue>;

/** The path of an API resource with its query: arrays repeat the key, empty values are left out. */
export function apiPath(path: string, query: ApiQuery = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? value : [value];
    for (const each of values) {
      if (each !== undefined && each !== null && each !== "") params.append(key, String(each));
    }
  }
  const search = params.toString();
  return `/api/v1${path}${search === "" ? "" : `?${search}`}`;
}
