"use client";

import { useState } from "react";
import type { SagaDto } from "#server/contract/sagas.ts";

/** The two sagas that were ticked last. They stay ticked while the list shows others. */
export function usePickedSagas() {
  const [picked, setPicked] = useState<readonly SagaDto[]>([]);
  const isTicked = ({ id }: SagaDto) => picked.some((each) => each.id === id);
  return {
    picked,
    isTicked,
    tick: (saga: SagaDto) =>
      setPicked(isTicked(saga) ? picked.filter(({ id }) => id !== saga.id) : [...picked.slice(-1), saga]),
    clear: () => setPicked([]),
  };
}
