export type NamedStep = { key: string; name: string };

/** What a step is called: who does it, and upon what; a declared step by its name alone. */
export type StepName = { title: string; detail: string | null };

/**
 * Reads the name of a step. One that nobody declared has the service and the type that it was begun by as its key: the
 * type alone would not tell two services apart that take the same event.
 */
export function readStepName({ key, name }: NamedStep): StepName {
  const service = serviceOf(key);
  return service === null ? { title: name, detail: null } : { title: service, detail: name };
}

/** What people call a service, by its id in the topology. */
export function serviceName(id: string): string {
  return id.replace(/^[a-z]+:/, "");
}

/** The name of a step in one line. */
export function stepLine(step: NamedStep): string {
  const { title, detail } = readStepName(step);
  return detail === null ? title : `${title} (${detail})`;
}

function serviceOf(key: string): string | null {
  if (!key.startsWith("[")) return null;
  try {
    const parts: unknown = JSON.parse(key);
    if (!Array.isArray(parts) || parts.length !== 2) return null;
    const [id]: unknown[] = parts;
    const service = typeof id === "string" ? serviceName(id) : "";
    return service === "" ? null : service;
  } catch {
    return null;
  }
}
