import os from "node:os";

/** What the figures were measured on, in a line: figures of a busy machine mean less. */
export function describeMachine(): string {
  const [first] = os.cpus();
  const memory = `${Math.round(os.totalmem() / 1024 ** 3)} GB`;
  return `${os.cpus().length} cores (${first?.model.trim() ?? "unknown"}), ${memory}, Node ${process.versions.node}`;
}

/** How busy the cores are, and how much of them other machines on the same host took, since the meter was made. */
export class LoadMeter {
  #before = os.cpus();

  /** Such as `load 0.9 on 2 cores, 97 % busy`. */
  describe(): string {
    const now = os.cpus();
    const spent = now.map((cpu, core) => difference(cpu.times, this.#before[core]?.times ?? cpu.times));
    const idle = spent.reduce((sum, times) => sum + times.idle, 0);
    const all = spent.reduce(
      (sum, { user, nice, sys, idle: rest, irq }) => sum + user + nice + sys + rest + irq,
      0,
    );
    const busy = all === 0 ? 0 : Math.round((1 - idle / all) * 100);
    return `load ${(os.loadavg()[0] ?? 0).toFixed(1)} on ${now.length} cores, ${busy} % busy`;
  }
}

type Times = os.CpuInfo["times"];

function difference(a: Times, b: Times): Times {
  return {
    user: a.user - b.user,
    nice: a.nice - b.nice,
    sys: a.sys - b.sys,
    idle: a.idle - b.idle,
    irq: a.irq - b.irq,
  };
}
