import { EventNotFound } from "#components/features/events/event-not-found.tsx";

export default function NotFound() {
  return <EventNotFound />;
}
