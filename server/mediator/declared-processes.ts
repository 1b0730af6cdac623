import type { ProcessDefinition } from "#server/domain/processes/definition.ts";

/** The processes that are declared in this program, by name. */
export class DeclaredProcesses {
  readonly #byName = new Map<string, ProcessDefinition>();

  declare(definition: ProcessDefinition): void {
    if (this.#byName.has(definition.name)) {
      throw new Error(`A process named ${definition.name} is declared already.`);
    }
    this.#byName.set(definition.name, definition);
  }

  find(name: string): ProcessDefinition | null {
    return this.#byName.get(name) ?? null;
  }

  get all(): ProcessDefinition[] {
    return [...this.#byName.values()];
  }
}
