import type { SagaRow } from "#drizzle/queries/saga-reading.ts";
import type { SagaDto } from "#server/contract/sagas.ts";
import { canonicalInstant } from "#server/domain/instant.ts";
import { CORRELATIONS } from "#server/domain/sagas/correlate.ts";
import { AWAITED, FAILURE_REASONS } from "#server/domain/sagas/saga.ts";
import { TRACE_BASES } from "#server/domain/sagas/trace.ts";
import type { NameStep } from "./name-steps.ts";
import { STATES_BY_HARM } from "./saga-numbers.ts";

export function toSagaDto(row: SagaRow, nameStep: NameStep): SagaDto {
  const toStep = (key: string) => nameStep(row.type, key);
  const awaited = AWAITED.find((what) => what === row.awaits);
  const reason = FAILURE_REASONS.find((one) => one === row.failure);
  return {
    id: row.id,
    reference: {
      by: CORRELATIONS[row.correlation_kind] ?? "correlation-id",
      value: row.correlation,
      subject: row.subject,
    },
    type: row.type,
    name: row.name,
    basis: TRACE_BASES[row.basis] ?? "choreographed",
    key: row.business_key,
    state: STATES_BY_HARM[row.state] ?? "running",
    since: canonicalInstant(row.since_us),
    startedAt: canonicalInstant(row.started_us),
    endedAt: row.ended_us === null ? null : canonicalInstant(row.ended_us),
    awaits: awaited === undefined ? null : { what: awaited, step: toStep(row.step ?? "") },
    failure:
      reason === undefined
        ? null
        : { reason, step: row.failed_step === null ? null : toStep(row.failed_step) },
    progress: {
      completed: row.completed,
      of: row.steps,
      failed: row.failed,
      compensated: row.compensated,
      toCompensate: row.to_compensate,
    },
    events: row.events,
    services: row.services,
  };
}
