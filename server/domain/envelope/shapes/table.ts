import { camelCase } from "./camel-case.ts";
import { debezium } from "./debezium.ts";
import { eventBridge } from "./eventbridge.ts";
import type { ForeignShape } from "./foreign-shape.ts";
import { snakeCase } from "./snake-case.ts";
import { sns } from "./sns.ts";

/** The shapes that are known beside CloudEvents. The first one that matches an object reads it. */
export const FOREIGN_SHAPES: readonly ForeignShape[] = [sns, eventBridge, snakeCase, camelCase, debezium];
