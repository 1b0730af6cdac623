import type { ProcessDefinition } from "#server/domain/processes/definition.ts";

type Declared = {
  definition: ProcessDefinition;
  /** Whether its mediator can't work at the moment: its deadlines wait then. */
  isHeld: () => Promise<boolean>;
};

/** The processes that are declared in this program, by name. */
export class DeclaredProcesses {
  readonly #byName = new Map<string, Declared>();

  declare(
    definition: ProcessDefinition,
    { isHeld = () => Promise.resolve(false) }: Partial<Pick<Declared, "isHeld">> = {},
  ): void {
    if (this.#byName.has(definition.name)) {
      throw new Error(`A process named ${definition.name} is declared already.`);
    }
    this.#byName.set(definition.name, { definition, isHeld });
  }

  find(name: string): ProcessDefinition | null {
    return this.#byName.get(name)?.definition ?? null;
  }

  get all(): ProcessDefinition[] {
    return [...this.#byName.values()].map(({ definition }) => definition);
  }

  /** Those whose mediator can work at the moment. */
  async listAtWork(): Promise<ProcessDefinition[]> {
    const all = await Promise.all(
      [...this.#byName.values()].map(async ({ definition, isHeld }) =>
        (await isHeld()) ? [] : [definition],
      ),
    );
    return all.flat();
  }
}
