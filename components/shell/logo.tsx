/** The mark of the product: streams that run together. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      strokeLinecap="round"
      strokeWidth="2.2"
      aria-hidden
      className={className}
    >
      <path d="M3 7h3.500c5 0 5.500 5 10.500 5h4" stroke="currentColor" />
    </svg>
  );
}
