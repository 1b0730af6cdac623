"use client";

import { CircleDashed, CloudOff, RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";
import { Button } from "#components/ui/button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { useNow } from "#components/ui/use-now.ts";
import {
  type Connection,
  getConnection,
  getReconnect,
  IDLE,
  subscribeToConnection,
} from "./connection-store.ts";

/** How this tab is connected to the server right now. */
export function useConnection(): Connection {
  return useSyncExternalStore(subscribeToConnection, getConnection, () => IDLE);
}

/**
 * The connection in a bar that is always there, so that losing it moves nothing on the page: a word while all
 * is well, a full sentence with the last contact and a way out when it is not.
 */
export function ConnectionBanner() {
  const connection = useConnection();
  const t = useTranslations("shell.connection");
  switch (connection.state) {
    case "idle":
      return <Calm icon={<CircleDashed aria-hidden className="size-3" />}>{t("idle")}</Calm>;
    case "connecting":
      return <Calm icon={<Spinner className="size-3 [animation-delay:1s]" />}>{t("connecting")}</Calm>;
    case "online":
      return (
        <Calm icon={<span aria-hidden className="mx-0.5 size-2 rounded-full bg-ok" />}>{t("online")}</Calm>
      );
    case "reconnecting":
      return (
        <Alarm icon={<RefreshCw aria-hidden className="size-3.5" />} lastContact={connection.lastContact}>
          {t("reconnecting", { attempt: connection.attempt })}
        </Alarm>
      );
    case "offline":
      return (
        <Alarm icon={<CloudOff aria-hidden className="size-3.5" />} lastContact={connection.lastContact}>
          {t("offline")}
        </Alarm>
      );
  }
}

function Calm({ icon, children }: { icon: React.ReactNode; children: string }) {
  return (
    <span role="status" className="flex items-center gap-1.5">
      {icon}
      {children}
    </span>
  );
}

type AlarmProps = { icon: React.ReactNode; lastContact: number | null; children: string };

function Alarm({ icon, lastContact, children }: AlarmProps) {
  const t = useTranslations("shell.connection");
  const reconnect = useSyncExternalStore(subscribeToConnection, getReconnect, () => null);
  return (
    <span className="flex min-w-0 flex-1 items-center gap-2 font-medium">
      {icon}
      <span role="alert" className="line-clamp-2 sm:truncate">
        {children}
      </span>
      <LastContact at={lastContact} />
      {reconnect === null ? null : (
        <Button size="sm" className="ml-auto h-5 pointer-coarse:h-8" onClick={reconnect}>
          {t("reconnectNow")}
        </Button>
      )}
    </span>
  );
}

/** Outside the alert: its ticking age would be read aloud every second. */
function LastContact({ at }: { at: number | null }) {
  const t = useTranslations("shell.connection");
  const format = useFormat();
  const now = useNow();
  const words =
    at === null
      ? t("noContact")
      : t("lastContact", { time: format.clock(at), ago: format.relative(at, now) });
  return <span className="hidden truncate font-normal sm:inline">{words}</span>;
}
