"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { SagaStateBadge } from "#components/lib/saga-state.tsx";
import { PanelSection } from "#components/ui/panel-frame.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import type { TraceReference } from "#server/contract/sagas.ts";
import type { SagaState } from "#server/domain/sagas/saga.ts";
import { sideName } from "./compare-sides.tsx";
import { candidateQueries, withoutReferences } from "./saga-candidates.ts";
import { SagaChoice, SagaSearch } from "./saga-picker.tsx";
import { type ReadTrace, traceQueries } from "./trace-queries.ts";
import type { useCompareSides } from "./use-compare-sides.ts";

type CompareChoiceProps = { sides: ReturnType<typeof useCompareSides> };

/** Asks for the saga that is missing from a comparison, and proposes one. */
export function CompareChoice({ sides }: CompareChoiceProps) {
  const t = useTranslations("compare.choice");
  const known = sides.left ?? sides.right;
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <div className="mx-auto flex max-w-2xl flex-col gap-4 p-3 md:p-4">
        {known === null ? (
          <>
            <p className="text-ink-muted text-sm">{t("none")}</p>
            <SagaSearch type={null} excluded={[]} onPick={sides.chooseLeft} />
          </>
        ) : (
          <OtherSide known={known} onPick={sides.left === null ? sides.chooseLeft : sides.chooseRight} />
        )}
      </div>
    </div>
  );
}

type OtherSideProps = { known: TraceReference; onPick: (reference: TraceReference) => void };

function OtherSide({ known, onPick }: OtherSideProps) {
  const t = useTranslations("compare.choice");
  const trace = useQuery(traceQueries.one(known, null));
  if (trace.data === undefined) {
    return <QueryNotices query={trace} loading={t("loading")} failed={t("failed")} onRetry={trace.refetch} />;
  }
  const answer = trace.data;
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 px-3 text-sm md:px-4">
        <span className="wrap-anywhere font-medium font-mono">{sideName(answer)}</span>
        <SagaStateBadge state={answer.saga.state} />
        <span className="text-ink-muted">{t("another")}</span>
      </p>
      <Proposals answer={answer} onPick={onPick} />
      <PanelSection title={t("search")}>
        <SagaSearch type={answer.type} excluded={[answer.reference]} onPick={onPick} />
      </PanelSection>
    </>
  );
}

/** A good one for one that is not, and one that failed for a good one. */
function proposedStates(state: SagaState): SagaState[] {
  return state === "completed" ? ["failed", "compensated", "stuck"] : ["completed"];
}

function Proposals({ answer, onPick }: { answer: ReadTrace; onPick: (reference: TraceReference) => void }) {
  return proposedStates(answer.saga.state).map((state) => (
    <Proposal key={state} answer={answer} state={state} onPick={onPick} />
  ));
}

type ProposalProps = { answer: ReadTrace; state: SagaState; onPick: (reference: TraceReference) => void };

function Proposal({ answer, state, onPick }: ProposalProps) {
  const t = useTranslations("compare.choice");
  const query = useQuery(candidateQueries.list({ type: answer.type, state, text: "" }));
  const [newest] = withoutReferences(query.data?.sagas ?? [], [answer.reference]);
  if (newest === undefined) return null;
  return (
    <PanelSection title={t(`newest.${state}`)}>
      <SagaChoice saga={newest} onPick={onPick} />
    </PanelSection>
  );
}
