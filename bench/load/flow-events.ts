const FLOW_EVENTS = 8;

/** The `n`-th event of a run as structured JSON: flows of eight, in which each event names the one before as its cause. */
export function formatFlowEvent(run: string, n: number): string {
  const step = n % FLOW_EVENTS;
  const cause = step === 0 ? "" : `,"causationid":"${run}-${n - 1}"`;
  return (
    `{"specversion":"1.0","id":"${run}-${n}","source":"/shop/service-${(n * 7) % 40}","type":"shop.step.${step}"` +
    `,"correlationid":"${run}-flow-${Math.floor(n / FLOW_EVENTS)}"${cause}` +
    `,"datacontenttype":"application/json","data":{"number":${n},"note":"${"abcdefgh".repeat(10)}"}}`
  );
}
